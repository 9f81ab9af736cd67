import type { AccountView } from "../../generated/AccountView";

/** Family and given names, in letters and in Japanese. */
const FAMILY = [
  ["abe", "阿部"],
  ["endo", "遠藤"],
  ["fujita", "藤田"],
  ["goto", "後藤"],
  ["hayashi", "林"],
  ["ishikawa", "石川"],
  ["kato", "加藤"],
  ["kimura", "木村"],
  ["kobayashi", "小林"],
  ["maeda", "前田"],
  ["matsumoto", "松本"],
  ["mori", "森"],
  ["murakami", "村上"],
  ["nakajima", "中島"],
  ["nakamura", "中村"],
  ["ogawa", "小川"],
  ["okada", "岡田"],
  ["saito", "斎藤"],
  ["sakamoto", "坂本"],
  ["shimizu", "清水"],
  ["watanabe", "渡辺"],
] as const;
const GIVEN = [
  ["aya", "彩"],
  ["daiki", "大輝"],
  ["haruto", "陽翔"],
  ["hina", "陽菜"],
  ["kana", "佳奈"],
  ["kenta", "健太"],
  ["mai", "舞"],
  ["naoki", "直樹"],
  ["rin", "凛"],
  ["shota", "翔太"],
  ["takumi", "匠"],
  ["yuka", "由佳"],
  ["yuki", "優希"],
] as const;

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** The numbered person of an organisation: always the same, and no two alike below 273. */
export function account(number: number, domain: string, japanese: boolean): AccountView {
  const family = FAMILY[number % FAMILY.length] ?? FAMILY[0];
  const given = GIVEN[number % GIVEN.length] ?? GIVEN[0];
  return {
    address: `${given[0]}.${family[0]}@${domain}`,
    name: japanese ? `${family[1]} ${given[1]}` : `${capital(given[0])} ${capital(family[0])}`,
    suspended: number % 29 === 11,
  };
}
