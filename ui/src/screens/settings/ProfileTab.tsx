import { Card } from "../../components/Card";
import { m } from "../../paraglide/messages";
import { useOverview } from "../../state/overview";
import { NameForm } from "./NameForm";

/** The name that stands beside what a person confirms. */
export function ProfileTab() {
  const { me } = useOverview();
  return (
    <Card title={m.profile_heading()} testid="profile-card">
      <NameForm
        now={me.name}
        label={m.profile_name()}
        hint={m.profile_name_hint()}
        rename={(backend, name) => backend.renameMe(name)}
        testid="profile"
      />
    </Card>
  );
}
