import { useState } from "react";
import type { AppFailure, Backend, Keep } from "../../backend";
import type { KeyringTrouble } from "../../backend/generated/KeyringTrouble";
import { useCommand } from "../../state/overview";

/** A sign-in whose token the keyring did not take. */
export type RefusedToken = { pending: string; account: string; why: KeyringTrouble };

type Ways<Ask, Result> = {
  begin: (backend: Backend, ask: Ask) => Promise<Result>;
  finish: (backend: Backend, pending: string, keep: Keep) => Promise<Result>;
  drop: (backend: Backend, pending: string) => Promise<void>;
  refused: (result: Result) => RefusedToken | null;
  onDone: (result: Result) => void;
  onDropped: () => void;
};

/** The way through the browser and back: waiting, and what to do with a token that the keyring does not take. */
export function useSignIn<Ask, Result>(ways: Ways<Ask, Result>) {
  const [refused, setRefused] = useState<RefusedToken | null>(null);
  const [failure, setFailure] = useState<AppFailure | null>(null);
  const connect = useCommand((backend, ask: Ask) => ways.begin(backend, ask));
  const finish = useCommand((backend, keep: Keep) => ways.finish(backend, refused?.pending ?? "", keep));
  const drop = useCommand((backend) => ways.drop(backend, refused?.pending ?? ""));

  const settle = (result: Result | undefined) => {
    if (result === undefined) return;
    const token = ways.refused(result);
    if (token) setRefused(token);
    else ways.onDone(result);
  };
  return {
    refused,
    failure,
    waiting: connect.busy,
    finishing: finish.busy,
    dropping: drop.busy,
    begin: async (ask: Ask) => {
      setFailure(null);
      settle(await connect.run(ask, setFailure));
    },
    keep: async (where: Keep) => {
      setFailure(null);
      const result = await finish.run(where, (failed) => {
        setFailure(failed);
        if (failed.code === "pending_gone") setRefused(null);
      });
      settle(result);
    },
    throwAway: async () => {
      await drop.run();
      ways.onDropped();
    },
  };
}

export type SignInFlow = Omit<ReturnType<typeof useSignIn<unknown, unknown>>, "begin">;
