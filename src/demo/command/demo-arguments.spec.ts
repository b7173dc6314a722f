import { describe, expect, it } from 'vitest';
import { DemoArgumentsError } from './demo-arguments.error.js';
import { parseDemoArguments } from './demo-arguments.js';

describe('parseDemoArguments', () => {
  it.each([
    [[], { kind: 'run', seconds: undefined }],
    [['--seconds', '60'], { kind: 'run', seconds: 60 }],
    [['--seconds=1.5'], { kind: 'run', seconds: 1.5 }],
    [['-s', '20'], { kind: 'run', seconds: 20 }],
    [['--help'], { kind: 'help' }],
    [['-h', '--seconds', 'rubbish'], { kind: 'help' }],
  ] as const)('reads %j as %j', (args, expected) => expect(parseDemoArguments(args)).toEqual(expected));

  it.each([
    [['--second', '60'], "Unknown option '--second'"],
    [['60'], "Unexpected argument '60'"],
    [['--seconds'], '--seconds'],
    [['--seconds', ''], '--seconds "" is not a duration'],
    [['--seconds', '0'], '--seconds "0" is not a duration'],
    [['--seconds', '1e3'], '--seconds "1e3" is not a duration'],
    [['--seconds', '1m'], '--seconds "1m" is not a duration'],
    [['--seconds', '86401'], 'a number of seconds from 1 to 86400'],
    [['--help=yes'], '--help'],
  ] as const)('refuses %j and says what it takes', (args, words) => {
    const parse = (): unknown => parseDemoArguments(args);
    expect(parse).toThrow(DemoArgumentsError);
    expect(parse).toThrow(words);
    expect(parse).toThrow('npm run demo -- --help');
  });
});
