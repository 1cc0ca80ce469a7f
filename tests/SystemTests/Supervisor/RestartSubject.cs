using System.Text.Json;
using ShimStack.SystemTests.Ctl;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Supervisor;

/// <summary>One container of the table: it notes each of its runs in the root file system, and ends when it is told to.</summary>
internal sealed class RestartSubject
{
    private const int EnoughWhenItEndsByItself = 4; // more than any limit of the table allows
    private const int EnoughWhenItIsEnded = 2;

    private readonly CtlStage _stage;
    private readonly string _ending;

    private RestartSubject(CtlStage stage, string ending, string policy, string id) => (_stage, _ending, Policy, Id) = (stage, ending, policy, id);

    public string Id { get; }

    public string Policy { get; }

    public string Ending => _ending;

    private string Gate => Path.Combine(_stage.Rootfs, "gate-" + Id);

    private string Notes => Path.Combine(_stage.Rootfs, "runs-" + Id);

    private bool EndsByItself => _ending.EndsWith("each time", StringComparison.Ordinal);

    private int Runs => File.Exists(Notes) ? File.ReadLines(Notes).Count() : 0;

    /// <summary>Returns when it runs.</summary>
    public static async Task<RestartSubject> RunAsync(CtlStage stage, string ending, string policy)
    {
        string id = stage.NewId();
        RestartSubject subject = new(stage, ending, policy, id);
        Fifo.Make(subject.Gate);
        string end = ending switch
        {
            "exit 0, each time" => "exit 0",
            "exit 3, each time" => "exit 3",
            "out of memory, each time" => "exec tail /dev/zero",
            _ => "exec sleep 1000",
        };
        string script = $"echo run >>/runs-{id}; [ -p /gate-{id} ] && read line </gate-{id}; {end}";
        (await stage.CallAsync("run", "-d", "--restart", policy, "--memory", "16m", "--name", id, "--log-folder", stage.Logs, stage.Rootfs, "sh", "-c", script)).MustSucceed();
        return subject;
    }

    /// <summary>Lets it end, or ends it. What needs the daemon is done while it lives, see <see cref="EndByDaemonAsync"/>.</summary>
    public async Task EndAsync()
    {
        if (EndsByItself)
        {
            // Opened when it waits there, and gone before it goes on: a later run finds no gate.
            await using FileStream gate = await Task.Run(() => new FileStream(Gate, FileMode.Open, FileAccess.Write));
            File.Delete(Gate);
            gate.WriteByte((byte)'\n');
        }
        else if (_ending == "SIGKILL from outside")
        {
            KillAndWait(Copies().Single());
        }
        else if (_ending == "its shim is lost")
        {
            await LoseShimAsync();
        }
    }

    /// <summary>The ways to end it that are a command.</summary>
    public async Task EndByDaemonAsync()
    {
        if (_ending is "shimctl stop" or "shimctl kill")
        {
            (await _stage.CallAsync([_ending["shimctl ".Length..], .. _ending == "shimctl stop" ? (string[])["--timeout", "0"] : [], Id])).MustSucceed();
        }
    }

    /// <summary>What has become of it; null while that is not clear.</summary>
    /// <param name="line">Of `shimctl ps --json`.</param>
    public string? Outcome(JsonElement line) => (line.GetProperty("state").GetString(), Runs) switch
    {
        ("running" or "restarting", int runs) when runs >= (EndsByItself ? EnoughWhenItEndsByItself : EnoughWhenItIsEnded) => RestartTable.Again,
        ("stopped" or "empty", 1) => RestartTable.Never,
        ("stopped", int runs) => $"{runs - 1} times",
        _ => null,
    };

    /// <summary>Its processes: by the name of its notes, which only its own shell has.</summary>
    public IEnumerable<int> Copies() => _stage.Stage.Guard.Pids().Where(pid =>
        ProcessTable.CommandLine(pid) is string line && line.StartsWith("sh -c ", StringComparison.Ordinal) && line.Contains($"/runs-{Id};", StringComparison.Ordinal));

    // With each that takes its place, as long as there is a daemon that starts one.
    private async Task LoseShimAsync()
    {
        int[] run = [.. Copies()];
        KillAndWait(_stage.Stage.Shims().Single(pid => ProcessTable.CommandLine(pid).Contains($"-id {Id} ", StringComparison.Ordinal)));
        while (ProcessTable.Runs(_stage.Stage.Daemon.Pid)
            && await Until.IsTrueAsync(() => Replacement() != 0 || !Array.Exists(run, ProcessTable.Runs), TimeSpan.FromSeconds(20))
            && Array.Exists(run, ProcessTable.Runs))
        {
            KillAndWait(Replacement());
        }
    }

    private int Replacement() => _stage.Stage.Shims().FirstOrDefault(pid =>
        ProcessTable.CommandLine(pid) is string line && line.Contains($"-id {Id} ", StringComparison.Ordinal) && line.EndsWith(" -adopt", StringComparison.Ordinal));

    private static void KillAndWait(int pid)
    {
        try
        {
            using System.Diagnostics.Process process = System.Diagnostics.Process.GetProcessById(pid);
            process.Kill();
            process.WaitForExit(TimeSpan.FromSeconds(10));
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It has ended by itself meanwhile.
        }
    }
}
