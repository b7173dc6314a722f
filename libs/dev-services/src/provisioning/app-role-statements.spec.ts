import { describe, expect, it } from 'vitest';
import { appRoleStatements } from './app-role-statements.js';

describe('The statements that make a role of an application', () => {
  it('make a role that logs in until its lease ends, and acts as its group', () =>
    expect(appRoleStatements({ role: 'app_reader' })).toEqual([
      `CREATE ROLE "{{name}}" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}';`,
      `GRANT "app_reader" TO "{{name}}";`,
      `ALTER ROLE "{{name}}" SET role = 'app_reader';`,
    ]));

  it('grant what is asked for to the role itself', () =>
    expect(appRoleStatements({ role: 'r', grants: ['SELECT ON recipes', 'USAGE ON SCHEMA book'] }).slice(3)).toEqual([
      `GRANT SELECT ON recipes TO "{{name}}";`,
      `GRANT USAGE ON SCHEMA book TO "{{name}}";`,
    ]));

  it.each([
    ['a double quote', 'a"b', `GRANT "a""b" TO "{{name}}";`, `ALTER ROLE "{{name}}" SET role = 'a"b';`],
    ['a single quote', "a'b", `GRANT "a'b" TO "{{name}}";`, `ALTER ROLE "{{name}}" SET role = 'a''b';`],
    [
      'a whole statement',
      `x"; DROP TABLE t; --`,
      `GRANT "x""; DROP TABLE t; --" TO "{{name}}";`,
      `ALTER ROLE "{{name}}" SET role = 'x"; DROP TABLE t; --';`,
    ],
  ])('name a group whose name has %s', (_, role, grant, set) => expect(appRoleStatements({ role }).slice(1)).toEqual([grant, set]));
});
