import type { OtherChannelView } from "../../backend/generated/OtherChannelView";
import { ErrorNote } from "../../components/ErrorNote";
import { MenuButton } from "../../components/MenuButton";
import { OtherKindIcon } from "../../components/OtherKindIcon";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useCommand } from "../../state/overview";
import { otherKindWords } from "../../words/facts";
import css from "./Channels.module.css";

/** Channels of other kinds: shown, so that the inbox is whole, and not to be disconnected here. */
export function OtherChannels({ channels }: { channels: OtherChannelView[] }) {
  const drop = useCommand((backend, id: string) => backend.dropOtherChannel(id));
  return (
    <>
      <h3 className={css.others}>{m.others_channels()}</h3>
      <ul aria-label={m.others_channels()}>
        {channels.map((channel) => (
          <li key={channel.id} className={css.other} data-testid="other-channel" data-kind={channel.kind}>
            <OtherKindIcon kind={channel.kind} />
            <div className={css.otherName}>
              <span>{channel.name}</span>
              <span className={css.faint}>{otherKindWords(channel.kind)}</span>
            </div>
            <span className={css.faint}>
              <T>{m.others_not_here()}</T>
            </span>
            <MenuButton
              small
              tone="quiet"
              label={m.row_menu({ address: channel.name })}
              busy={drop.busy}
              choices={[{ key: "drop", label: m.others_drop(), testid: "menu-drop" }]}
              onChoose={() => void drop.run(channel.id)}
              data-testid="other-menu"
            >
              {m.row_more()}
            </MenuButton>
          </li>
        ))}
      </ul>
      <ErrorNote failure={drop.failure} onDismiss={drop.forget} />
    </>
  );
}
