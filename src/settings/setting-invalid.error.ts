/** An environment variable of the application is missing or malformed. `setting` names it; the message never shows its value. */
export class SettingInvalidError extends Error {
  readonly code = 'GRIMOIRE_SETTING_INVALID';
  readonly setting: string;
  readonly remedy: string;

  /**
   * @param setting the variable, such as `DB_HOST`
   * @param problem what is wrong with it, as the rest of a sentence that begins with the variable
   * @param remedy what to write instead
   */
  constructor(setting: string, problem: string, remedy: string) {
    super(`${setting} ${problem}. ${remedy}`);
    this.name = new.target.name;
    this.setting = setting;
    this.remedy = remedy;
  }
}
