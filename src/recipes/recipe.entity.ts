import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A recipe of the book. */
@Entity('recipes')
export class Recipe {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column('text')
  name!: string;

  @Column('text')
  ingredients!: string;
}
