import { Card } from "../../components/Card";
import { FileForm, LIST_FORMATS } from "../../components/FileForm";
import { m } from "../../paraglide/messages";

/** Writes the history to a file. */
export function ExportForm() {
  return (
    <Card title={m.history_export_heading()} testid="export-card">
      <FileForm
        formats={LIST_FORMATS}
        what="history"
        write={(backend, format, path) => backend.exportHistory(format, path)}
        submit={m.history_export()}
        written={({ entries, path }) => m.history_exported({ count: entries, path })}
      />
    </Card>
  );
}
