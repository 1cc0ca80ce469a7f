using System.Globalization;
using ShimStack.Drill.Invariants;
using ShimStack.Drill.Record;
using ShimStack.Drill.Targets;

namespace ShimStack.Drill.Running;

/// <summary>Writes down what does not hold, once, with what journal and daemon said around it.</summary>
internal sealed class ViolationLog(TargetPlaces places, DrillRecord record)
{
    private const int JournalLines = 12;
    private const int DaemonLines = 8;
    private const int LogTail = 64 * 1024;

    private readonly HashSet<(string Invariant, string Subject, string Expected)> _known = [];

    public bool IsKnown(IInvariant invariant, Finding finding) => _known.Contains((invariant.Name, finding.Subject, finding.Expected));

    public void Add(IInvariant invariant, Finding finding)
    {
        if (!_known.Add((invariant.Name, finding.Subject, finding.Expected)))
        {
            return;
        }

        string[] daemon = DaemonLog(finding.Subject);
        record.Note(EntryKind.Violation, finding.Subject, $"{invariant.Name}: expected {finding.Expected}; seen {finding.Seen}", now =>
            record.Violations.Add(new Violation(
                invariant.Name, finding.Subject, record.Steps.Count, now, finding.Expected, finding.Seen,
                    [.. Journal(finding.Subject), .. daemon])));
    }

    private IEnumerable<string> Journal(string subject) => record.Entries
        .Where(entry => entry.Subject == subject || entry.Subject == "daemon" || entry.Kind == EntryKind.Step)
        .TakeLast(JournalLines)
        .Select(static entry => string.Create(CultureInfo.InvariantCulture, $"{entry.At.Wall:HH:mm:ss.fff} {entry.Subject} {entry.Text}"));

    // Of a container what names it; else the last lines.
    private string[] DaemonLog(string subject)
    {
        if (!File.Exists(places.LogFile))
        {
            return [];
        }

        string id = record.Subjects.Find(one => one.Name == subject)?.Id ?? subject;
        using FileStream log = new(places.LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.Seek(-Math.Min(log.Length, LogTail), SeekOrigin.End);
        using StreamReader reader = new(log);
        string[] lines = [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => subject is "daemon" or "machine" || line.Contains(subject, StringComparison.Ordinal)
                || line.Contains(id, StringComparison.Ordinal))];
        return [.. lines.TakeLast(DaemonLines).Select(static line => $"daemon's log: {line}")];
    }
}
