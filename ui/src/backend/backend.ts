import type { Appearance } from "./generated/Appearance";
import type { ChainView } from "./generated/ChainView";
import type { Checked } from "./generated/Checked";
import type { Exported } from "./generated/Exported";
import type { HistoryView } from "./generated/HistoryView";
import type { HubSpotPage } from "./generated/HubSpotPage";
import type { KeyringView } from "./generated/KeyringView";
import type { Language } from "./generated/Language";
import type { Opened } from "./generated/Opened";
import type { Overview } from "./generated/Overview";
import type { Provider } from "./generated/Provider";
import type { ProviderGuess } from "./generated/ProviderGuess";
import type { SignInApp } from "./generated/SignInApp";
import type { SignInAt } from "./generated/SignInAt";
import type { SignInResult } from "./generated/SignInResult";
import type { StepKind } from "./generated/StepKind";

/** A mailbox that HubSpot has, as entered by hand. */
export type TrackedMailbox = { address: string; provider: Provider; hubspotPage: string | null };

/** Where a token goes. */
export type Keep = "keyring" | "this_run";

export type HistoryFilter = {
  text: string | null;
  kind: string | null;
  mailbox: string | null;
  before: number | null;
};

export type ExportFormat = "csv" | "json";

/**
 * Everything the window can ask for: one function per command. Each rejects with `AppFailure` and nothing
 * else, so that a screen has one kind of error to show.
 */
export interface Backend {
  overview(): Promise<Overview>;
  beginEmpty(name: string): Promise<void>;
  beginSample(): Promise<void>;
  leaveSample(): Promise<void>;
  renameMe(name: string): Promise<void>;

  guessProvider(address: string): Promise<ProviderGuess>;
  readHubSpotPage(text: string): Promise<HubSpotPage>;
  trackMailbox(mailbox: TrackedMailbox): Promise<string>;
  /** Resolves when the person has come back from the browser, which can take minutes. */
  connectMailbox(at: SignInAt, expect: string | null): Promise<SignInResult>;
  cancelSignIn(): Promise<void>;
  finishSignIn(pending: string, keep: Keep): Promise<SignInResult>;
  dropSignIn(pending: string): Promise<void>;

  disableMailbox(mailbox: string): Promise<string>;
  enableMailbox(mailbox: string): Promise<void>;
  removeMailbox(mailbox: string): Promise<string>;
  checkMailbox(mailbox: string): Promise<Checked>;

  undoRemoval(disconnect: string): Promise<void>;
  stopDisconnect(disconnect: string): Promise<void>;
  confirmStep(disconnect: string, step: StepKind): Promise<void>;
  confirmInCrm(disconnect: string): Promise<void>;
  notListed(disconnect: string, account: string | null): Promise<void>;
  closeStep(disconnect: string, step: StepKind, reason: string): Promise<void>;
  withdrawConfirmation(disconnect: string, step: StepKind): Promise<void>;
  remindTomorrow(disconnect: string): Promise<void>;
  openPage(disconnect: string, step: StepKind): Promise<Opened>;
  runStep(disconnect: string, step: StepKind): Promise<void>;
  checkStep(disconnect: string, step: StepKind): Promise<Checked>;

  history(filter: HistoryFilter): Promise<HistoryView>;
  verifyHistory(): Promise<ChainView>;
  exportHistory(format: ExportFormat, path: string): Promise<Exported>;

  keyring(): Promise<KeyringView>;
  saveSignInApp(at: SignInAt, app: SignInApp): Promise<void>;
  setLanguage(language: Language | null): Promise<void>;
  setAppearance(appearance: Appearance): Promise<void>;

  /** Tells that the first usable screen is painted, for the start-up measurement. */
  firstPaint(): Promise<void>;
  /** Calls back with the revision after each change. Returns the way to stop listening. */
  onWorkspaceChanged(listener: (revision: number) => void): () => void;
}
