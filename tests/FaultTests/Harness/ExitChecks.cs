using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Events;
using ShimStack.Api.Task;
using ShimStack.ShimDriver.Daemons;

namespace ShimStack.FaultTests.Harness;

/// <summary>How a process ended, as everybody is told: by Wait, by the event, and by State.</summary>
internal static class ExitChecks
{
    /// <summary>How exact the time of an exit is.</summary>
    public static readonly TimeSpan Accuracy = TimeSpan.FromMilliseconds(50);

    /// <summary>Wait must answer and the event must come, both with the code, and with the time that the process has noted.</summary>
    /// <param name="stage">Where.</param>
    /// <param name="code">The exit code.</param>
    /// <param name="exec">The exec; empty for the init.</param>
    /// <param name="limit">How long both may take.</param>
    /// <param name="until">Not null: the shim could not look before; the time of the exit may be as late as this.</param>
    public static async Task ExitsAsync(
        this FaultStage stage, uint code, string exec = "", TimeSpan? limit = null, DateTimeOffset? until = null)
    {
        WaitResponse wait = await stage.MustAsync("Wait", stage.Session.Tasks.WaitAsync(new WaitRequest { Id = stage.Id, ExecId = exec }));
        CheckExit(stage, "", code, exec, wait.ExitStatus, wait.ExitedAt, until);
        await stage.ExitIsToldAsync(code, exec, limit, until);
    }

    /// <summary>The same for the event alone.</summary>
    public static async Task ExitIsToldAsync(
        this FaultStage stage, uint code, string exec = "", TimeSpan? limit = null, DateTimeOffset? until = null)
    {
        string process = exec.Length == 0 ? stage.Id : exec;
        try
        {
            RecordedEvent told = await stage.Daemon.Events.WaitForExitAsync(stage.Id, process, limit ?? FaultStage.Soon);
            TaskExit exit = told.As(TaskExit.Parser);
            CheckExit(stage, "event: ", code, exec, exit.ExitStatus, exit.ExitedAt, until);
        }
        catch (TimeoutException)
        {
            stage.Findings.Add($"the event of the exit{(exec.Length == 0 ? "" : " of the exec")} is lost");
        }
    }

    /// <summary>Checks one answer.</summary>
    public static void CheckExit(
        FaultStage stage, string where, uint code, string exec, uint actual, Timestamp? at, DateTimeOffset? until = null)
    {
        stage.Findings.Check(actual == code, $"{where}code {actual} instead of {code}");
        if (NotedEnd(stage, exec) is not { } noted)
        {
            return; // ended by a signal: nobody has noted it
        }

        DateTimeOffset told = at?.ToDateTimeOffset() ?? DateTimeOffset.UnixEpoch;
        if (told < noted - TimeSpan.FromMilliseconds(1))
        {
            stage.Findings.Add($"{where}a time of exit before the exit");
        }
        else if (told > (until ?? noted) + Accuracy)
        {
            stage.Findings.AddLate($"{where}a time of exit {Rounded(told - (until ?? noted))} too late");
        }
    }

    /// <summary>When the process ended by its own word; null if it has not.</summary>
    public static DateTimeOffset? NotedEnd(FaultStage stage, string exec)
    {
        string path = Path.Combine(stage.Shared, Subject.NoteOf(exec));
        return File.Exists(path) && long.TryParse(File.ReadAllText(path), CultureInfo.InvariantCulture, out long nanoseconds)
            ? DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100)
            : null;
    }

    /// <summary>A time for a table, the same in each run as far as possible.</summary>
    public static string Rounded(TimeSpan time) =>
        time.TotalSeconds >= 1 ? $"{time.TotalSeconds:0} s" : $"{Math.Ceiling(time.TotalMilliseconds / 100) * 100:0} ms";
}
