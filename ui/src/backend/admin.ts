import type { Keep } from "./backend";
import type { AccessAsk } from "./generated/AccessAsk";
import type { AccessList } from "./generated/AccessList";
import type { AdminSignInResult } from "./generated/AdminSignInResult";
import type { AdminView } from "./generated/AdminView";
import type { AppView } from "./generated/AppView";
import type { Exported } from "./generated/Exported";
import type { ExportFormat } from "./generated/ExportFormat";
import type { ItemAsk } from "./generated/ItemAsk";
import type { ItemList } from "./generated/ItemList";
import type { Paces } from "./generated/Paces";
import type { PlanAsk } from "./generated/PlanAsk";
import type { ReportFormat } from "./generated/ReportFormat";
import type { RestoreAsk } from "./generated/RestoreAsk";
import type { RunView } from "./generated/RunView";
import type { SignedOutView } from "./generated/SignedOutView";
import type { Suite } from "./generated/Suite";
import type { UnreadList } from "./generated/UnreadList";

/** A sign-in as administrator. `expect`: the account that has to sign in again. */
export type AdminSignIn = { suite: Suite; readOnly: boolean; expect: string | null };

/** An app to be called HubSpot's, or not any more. `named` repeats its name where that is asked for. */
export type AppChoice = { organisation: string; app: string; chosen: boolean; named: string | null };

/** What administrators can ask for. All of it is for super admins, and none of it for the sample. */
export interface AdminBackend {
  admin(): Promise<AdminView>;
  /** Resolves when the administrator has come back from the browser, which can take minutes. */
  adminSignIn(signIn: AdminSignIn): Promise<AdminSignInResult>;
  finishAdminSignIn(pending: string, keep: Keep): Promise<AdminSignInResult>;
  dropAdminSignIn(pending: string): Promise<void>;
  adminSignOut(organisation: string): Promise<SignedOutView>;

  searchOrganisation(organisation: string): Promise<void>;
  stopSearch(organisation: string): Promise<void>;
  directoryApps(organisation: string, text: string | null): Promise<AppView[]>;
  lookUpApp(organisation: string, clientId: string): Promise<AppView>;
  /** Rejects with `app_not_hubspot` where the app is not plainly HubSpot's and `named` is not its name. */
  chooseApp(choice: AppChoice): Promise<void>;
  accesses(ask: AccessAsk): Promise<AccessList>;
  exportAccesses(ask: AccessAsk, format: ExportFormat, path: string): Promise<Exported>;
  /** People whose lists the searches could not read: their grants are not known. */
  unreadPeople(organisation: string, offset: number, limit: number): Promise<UnreadList>;
  exportUnreadPeople(organisation: string, format: ExportFormat, path: string): Promise<Exported>;

  /** Makes a plan. Nothing is sent. */
  plan(ask: PlanAsk): Promise<RunView>;
  runItems(run: string, ask: ItemAsk): Promise<ItemList>;
  exportPlan(run: string, format: ExportFormat, path: string): Promise<Exported>;
  dropPlan(run: string): Promise<void>;
  /** Rejects with `everybody_unconfirmed` where the plan has consents for everybody and `everybody` is false. */
  startRun(run: string, everybody: boolean): Promise<void>;
  pauseRun(run: string): Promise<void>;
  resumeRun(run: string): Promise<void>;
  cancelRun(run: string): Promise<void>;
  retryRun(run: string): Promise<void>;
  verifyRun(run: string): Promise<void>;
  /** Gives back what a run deleted. Rejects with `restore_everybody` where consents for everybody are not meant. */
  restoreRun(run: string, ask: RestoreAsk): Promise<void>;
  reportRun(run: string, format: ReportFormat, path: string): Promise<Exported>;
  savePaces(paces: Paces): Promise<void>;

  /**
   * Calls back, a few times a second at most, while a search or a run is under way; and when it begins to listen later
   * than it was asked to, as something may have been missed.
   */
  onAdminProgress(listener: () => void): () => void;
}
