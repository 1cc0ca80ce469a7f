using System.Globalization;
using ShimStack.Ctl.Output;
using ShimStack.Drill;
using ShimStack.Drill.Record;
using ShimStack.Native.Terminals;
using Spectre.Console;

namespace ShimStack.Ctl.Drills;

/// <summary>
/// What is shown while a drill runs: on a terminal a table that is drawn again with each step, else a line a step. It goes to stderr:
/// stdout has the result.
/// </summary>
internal sealed class DrillView(DrillSettings settings, bool isQuiet)
{
    private readonly bool _isTerminal = !isQuiet && Terminal.IsTerminal(Screen.Error);
    private int _lines;

    public void Begin()
    {
        if (!isQuiet)
        {
            Screen.Write(Screen.Error,
                string.Create(CultureInfo.InvariantCulture,
                    $"drill of {settings.Target} ({settings.Daemon}), shim {settings.Shim}, seed {settings.Plan.Seed}\n"));
        }
    }

    public void Show(DrillProgress progress)
    {
        if (isQuiet)
        {
            return;
        }

        string text = _isTerminal ? Table(progress) : Line(progress);
        Screen.Write(Screen.Error, Erase() + text);
        _lines = _isTerminal ? text.Count(static letter => letter == '\n') : 0;
    }

    public void End()
    {
        Screen.Write(Screen.Error, Erase());
        _lines = 0;
    }

    // Up so many lines, and all below away: see console_codes(4).
    private string Erase() => _lines == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"\u001b[{_lines}F\u001b[J");

    private static string Line(DrillProgress progress) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{progress.Elapsed.TotalSeconds,7:0.0}s {progress.Scenario} #{progress.Round}: {progress.Step}\n");

    private static string Table(DrillProgress progress)
    {
        TextTable table = new("SCENARIO", "ROUND", "TIME", "RUNNING", "API", "VIOLATIONS", "STEP");
        foreach (ScenarioResult done in progress.Done)
        {
            table.Add(done.Name, Number(done.Rounds), Units.Age(done.Elapsed), "", "", Violations(done.Record.Violations.Count), "done");
        }

        DrillRecord record = progress.Record;
        (int running, bool isAway, int violations) = record.Read(() =>
            (record.Subjects.Count(static subject => subject is { Life: Life.Running, Ended: null }), record.AwaySince is not null,
                record.Violations.Count));
        table.Add(
            progress.Scenario, Number(progress.Round), Units.Age(progress.Elapsed), Number(running),
            new Cell(isAway ? "away" : "up", isAway ? Color.Yellow : Color.Green),
            Violations(violations), progress.Step);
        int width = Terminal.Size(Screen.Error) is { Columns: > 0 } size ? size.Columns : 120;
        return table.ToText(width, Screen.HasColours);
    }

    private static Cell Violations(int count) => new(Number(count), count == 0 ? Color.Green : Color.Red);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
