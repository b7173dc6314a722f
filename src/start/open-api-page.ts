import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

/** Shows the API at `/docs`, and as JSON at `/docs-json`. */
export function addOpenApiPage(app: INestApplication): void {
  const description = 'Recipes, read over database credentials that Vault issues and rotates.';
  const document = new DocumentBuilder().setTitle('Grimoire').setDescription(description).setVersion('1').build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, document));
}
