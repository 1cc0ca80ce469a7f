using System.Diagnostics;
using ShimStack.Api.Task;
using ShimStack.Ttrpc;

namespace ShimStack.FaultTests.Harness;

/// <summary>What a shim still answers while something hangs: a daemon that restarts gives it 5 seconds for all of this.</summary>
internal static class Responsiveness
{
    /// <summary>How long an answer may take.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan GivenUp = TimeSpan.FromSeconds(1);
    private const int Tries = 5;

    /// <summary>Connect, State, Pids, and, of a container that is there, Stats; with a Wait open. Refusals are answers.</summary>
    public static async Task AnswersAsync(this FaultStage stage, bool isThere)
    {
        string id = stage.Id;
        TaskClient tasks = new(stage);
        _ = tasks.TryAsync(calls => calls.WaitAsync(new WaitRequest { Id = id }));
        await CheckAsync(stage, "Connect", () => tasks.TryAsync(calls => calls.ConnectAsync(new ConnectRequest { Id = id })));
        await CheckAsync(stage, "State", () => tasks.TryAsync(calls => calls.StateAsync(new StateRequest { Id = id })));
        await CheckAsync(stage, "Pids", () => tasks.TryAsync(calls => calls.PidsAsync(new PidsRequest { Id = id })));
        if (isThere)
        {
            await CheckAsync(stage, "Stats", () => tasks.TryAsync(calls => calls.StatsAsync(new StatsRequest { Id = id })));
        }
    }

    /// <summary>A signal to an exec: to nobody whom the hanging call concerns.</summary>
    public static Task CanKillAsync(this FaultStage stage, string exec)
    {
        const uint SIGCONT = 18; // may be sent again and again
        TaskClient tasks = new(stage);
        return CheckAsync(stage, "Kill of another process", () => tasks.TryAsync(calls =>
            calls.KillAsync(new KillRequest { Id = stage.Id, ExecId = exec, Signal = SIGCONT })));
    }

    // The median of some tries: one that is late may be the machine's fault, one that is not answered is the shim's.
    private static async Task CheckAsync(FaultStage stage, string what, Func<Task> call)
    {
        List<TimeSpan> times = [];
        for (int i = 0; i < Tries; i++)
        {
            long start = Stopwatch.GetTimestamp();
            try
            {
                await call().WaitAsync(GivenUp);
            }
            catch (TimeoutException)
            {
                stage.Findings.Add($"{what} is not answered meanwhile");
                return;
            }

            times.Add(Stopwatch.GetElapsedTime(start));
        }

        times.Sort();
        if (times[Tries / 2] > Bound)
        {
            stage.Findings.AddLate($"{what} takes {ExitChecks.Rounded(times[Tries / 2])} meanwhile");
        }
    }

    /// <summary>Calls whose refusal is as good as their success.</summary>
    private readonly record struct TaskClient(FaultStage Stage)
    {
        public async Task TryAsync(Func<ShimDriver.Shims.TaskClient, Task> call)
        {
            try
            {
                await call(Stage.Session.Tasks);
            }
            catch (RpcException)
            {
                // It was answered.
            }
        }
    }
}
