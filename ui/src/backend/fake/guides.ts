import type { Guide } from "../generated/Guide";
import type { Instruction } from "../generated/Instruction";
import type { Provider } from "../generated/Provider";
import type { StepKind } from "../generated/StepKind";
import type { Words } from "../generated/Words";

const w = (ja: string, en: string): Words => ({ ja, en });
const line = (ja: string, en: string, ...labels: Words[]): Instruction => ({ text: w(ja, en), labels });

const SETTINGS_PATH = line(
  "設定（歯車）から、全般の「Eメール」を開きます",
  "Open Settings (the gear), then Email under General",
  w("全般", "General"),
  w("Eメール", "Email"),
);
const SOURCE = {
  url: "https://knowledge.hubspot.com/connected-email/disconnect-your-inbox-from-hubspot",
  checked: "2026-11-20",
  documented: true,
  note: w("2024年3月7日更新の記事です。", "The article of March 7, 2024."),
};
const EMPTY: Guide = {
  id: "",
  page: null,
  section: null,
  listed_as: null,
  today: [],
  article: [],
  stops: [],
  cautions: [],
  sources: [],
};

function hubspot(kind: "disable_in_crm" | "remove_from_crm", account: string | null): Guide {
  const host = account ? "https://app-eu1.hubspot.com" : "https://app.hubspot.com";
  const press =
    kind === "disable_in_crm"
      ? [
          line(
            "受信トレイにマウスを重ねて押します",
            "Hover over the mailbox and press",
            w("無効", "Disable"),
          ),
          line("確認画面で押します", "Confirm with", w("はい、無効にします", "Yes, disable it")),
        ]
      : [
          line("グレー表示の受信トレイで押します", "On the greyed mailbox press", w("削除", "Remove")),
          line("確認画面で押します", "Confirm with", w("はい、受信トレイを削除します", "Yes, remove inbox")),
        ];
  return {
    ...EMPTY,
    id: account ? "hubspot_email" : "hubspot_start",
    page: account ? `${host}/settings/${account}/user-preferences/email` : host,
    today: [SETTINGS_PATH, ...press],
    stops:
      kind === "disable_in_crm"
        ? [
            w("この受信トレイのメールの記録", "Logging of this mailbox's mail"),
            w("HubSpotからの送信とシーケンス", "Sending from HubSpot, and sequences"),
          ]
        : [],
    sources: [
      SOURCE,
      { url: "https://app.hubspot.com", checked: "2026-11-20", documented: false, note: null },
    ],
  };
}

const TEAM_PATH = [
  line(
    "コミュニケーション、受信トレイと進みます",
    "Go to Conversations, then Inbox",
    w("コミュニケーション", "Conversations"),
    w("受信トレイ", "Inbox"),
  ),
  line("左下で選びます", "At the bottom left choose", w("受信トレイ設定", "Inbox Settings")),
  line("メニューで選びます", "In the menu choose", w("チャンネル", "Channels")),
];
const hubspotStart = (account: string | null, id: string, path: string): Pick<Guide, "id" | "page"> =>
  account
    ? { id, page: `https://app-eu1.hubspot.com/${path.replace("{account}", account)}` }
    : { id: "hubspot_start", page: "https://app.hubspot.com" };

/** Deleting a team address in HubSpot. */
function channel(account: string | null): Guide {
  return {
    ...EMPTY,
    ...hubspotStart(account, "hubspot_channels", "live-messages-settings/{account}/inboxes"),
    today: [
      ...TEAM_PATH,
      line("チャンネルにマウスを重ねて押します", "Hover over the channel and press", w("削除", "Delete")),
      line("確認画面で押します", "Confirm with", w("はい、削除", "Yes, delete")),
    ],
    stops: [w("このアドレスでの受信と返信", "Receiving and answering at this address")],
    sources: [SOURCE],
  };
}

/** Connecting in HubSpot, again or for the first time. */
export function connectGuide(account: string | null, team: boolean): Guide {
  const connect = team
    ? line("チャンネルを接続します", "Connect the channel", w("チャンネルを接続", "Connect a channel"))
    : line("接続します", "Connect it", w("個人用Eメールを接続", "Connect personal email"));
  return {
    ...EMPTY,
    ...hubspotStart(account, "hubspot_email", "settings/{account}/user-preferences/email"),
    today: [...(team ? TEAM_PATH : [SETTINGS_PATH]), connect],
    cautions: [
      w(
        "別のアカウントでサインインしていると、違うアドレスが接続されることがあります。",
        "If another account is signed in, the wrong address may be connected.",
      ),
    ],
    sources: [SOURCE],
  };
}

const GOOGLE: Guide = {
  ...EMPTY,
  id: "google_connections",
  page: "https://myaccount.google.com/linkedapps",
  section: w(
    "EメールアカウントでのHubSpot接続を解除する",
    "Remove the HubSpot connection in your email account",
  ),
  listed_as: "HubSpot",
  today: [
    line("一覧から選びます", "Choose in the list", w("HubSpot", "HubSpot")),
    line("開いた画面で押します", "On the page that opens press", w("詳細を表示", "See details")),
    line("アクセス権を取り消します", "Remove the access", w("アクセス権を削除", "Remove access")),
  ],
  article: [
    line("左の一覧から選びます", "Choose on the left", w("セキュリティー", "Security")),
    line(
      "アカウントにアクセスできるサードパーティ製アプリで選びます",
      "Under third-party apps with account access choose",
      w("サードパーティ製アクセスの管理", "Manage third-party access"),
    ),
    line("HubSpotを選んで押します", "Choose HubSpot and press", w("アクセス権を削除", "Remove access")),
  ],
  stops: [
    w("Googleカレンダーとの連携", "The Google Calendar integration"),
    w("ミーティングツールのカレンダー", "The calendar of the meetings tool"),
    w("ドキュメントツールのGoogleドライブ", "Google Drive in the documents tool"),
    w("Google検索コンソールとの連携", "The Google Search Console integration"),
    w("チームの共有Gmail受信トレイ", "Shared Gmail inboxes in conversations"),
    w("予約済みのEメールとシーケンス", "Scheduled and sequence email"),
  ],
  cautions: [
    w(
      "このGoogleアカウントを使う、すべてのHubSpotアカウントで止まります。",
      "They stop in every HubSpot account that uses this Google account.",
    ),
    w(
      "ボタンの言葉はアカウントの言語に合わせて表示され、少し違うことがあります。",
      "The page follows the account's language, so its words may differ a little.",
    ),
  ],
  sources: [
    SOURCE,
    {
      url: "https://support.google.com/accounts/answer/13533235",
      checked: "2026-11-18",
      documented: true,
      note: null,
    },
  ],
};

const MICROSOFT365: Guide = {
  ...EMPTY,
  id: "microsoft_myapps",
  page: "https://myapps.microsoft.com",
  listed_as: "HubSpot Sales",
  today: [
    line(
      "アプリのメニューから開きます",
      "Open from the app's menu",
      w("アプリの管理", "Manage your application"),
    ),
    line(
      "アクセス許可を取り消します",
      "Take the permissions back",
      w("アクセス許可の取り消し", "Revoke permissions"),
    ),
  ],
  article: [
    line("Office 365の設定で選びます", "In Office 365's settings choose", w("アプリ権限", "App permissions")),
    line("一覧を開きます", "Open the list", w("アプリ権限を変更", "Change app permissions")),
    line("HubSpot Salesで押します", "At HubSpot Sales press", w("取り消す", "Revoke")),
  ],
  stops: [w("Outlookカレンダーとの連携", "The Outlook calendar integration")],
  sources: [SOURCE],
};

/** Guides as the real backend hands them out, short enough to look at. */
export function fakeGuide(
  kind: StepKind,
  provider: Provider,
  here: boolean,
  account: string | null,
  team: boolean,
): Guide | null {
  switch (kind) {
    case "disable_in_crm":
    case "remove_from_crm":
      if (here) return null;
      return team ? channel(account) : hubspot(kind, account);
    case "revoke_grant":
      if (provider === "google") return GOOGLE;
      if (provider === "microsoft365") return MICROSOFT365;
      return { ...MICROSOFT365, id: "microsoft_consent", page: "https://account.live.com/consent/Manage" };
    case "withdraw_password":
      return {
        ...EMPTY,
        id: "imap_password",
        today: [
          line(
            "メールサーバーの管理画面で、HubSpot用のアプリパスワードを削除します",
            "On your mail server's page, delete the app password made for HubSpot",
          ),
          line(
            "アプリパスワードがない場合は、パスワードを変更します",
            "If there is none, change the password",
          ),
        ],
        cautions: [
          w("わからない場合は、IT部門にご相談ください。", "If you are not sure, ask your IT department."),
        ],
        sources: [SOURCE],
      };
    case "remove_forwarding":
      return {
        ...EMPTY,
        id: "forwarding",
        today: [line("転送ルールを削除します", "Delete the forwarding rule")],
      };
    case "connect_again":
      return connectGuide(account, team);
    case "forget_secret":
      return null;
  }
}

/** The way back from "disable" in HubSpot. */
export function fakeEnabling(account: string | null): Guide {
  return {
    ...hubspot("disable_in_crm", account),
    id: "hubspot-email-enable",
    today: [
      line(
        "グレー表示になっている、対象のアドレスの行を探し、その行にカーソルを重ねます。",
        "Find the grayed-out row of the address and hover over it.",
      ),
      line(
        "無効にした受信トレイを元に戻す操作を選びます。",
        "Choose the action that takes the disabling back.",
      ),
    ],
    stops: [],
    cautions: [],
  };
}
