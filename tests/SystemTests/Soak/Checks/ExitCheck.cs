using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Processes;
using ShimStack.SystemTests.Soak.Plan;
using ShimStack.SystemTests.Soak.Walk;
using ShimStack.Wire.Tasks;

namespace ShimStack.SystemTests.Soak.Checks;

/// <summary>Of what ended everybody hears the same, and the truth: Wait, State and the event, with the code and the time of the end.</summary>
internal sealed class ExitCheck(World world)
{
    // Announced at the end of an outage, and again after 2, 10 and 60 s; that for each outage at most.
    private const int EventsAnOutage = 4;

    public async Task HoldAsync(ProcessModel process, LiveProcess live)
    {
        if (process.Life != Life.Ended)
        {
            return;
        }

        if (live.Ended is null)
        {
            await Until.TrueAsync(() => !live.Exists, $"{process.Name}, pid {live.Pid}, ends", Patience.Call);
            live.Ended = (world.StepStarted, DateTimeOffset.UtcNow);
        }

        if (world.Model.Daemon == DaemonState.Up)
        {
            await ToldAsync(process, live);
        }
    }

    private async Task ToldAsync(ProcessModel process, LiveProcess live)
    {
        await Until.TrueAsync(
            () => live.Wait.Answers.Count > 0, $"Wait for {process.Name} is answered (last failure: {live.Wait.LastFailure})", Patience.Call);
        int code = (int)live.Wait.Answers[0];
        Assert.True(process.Codes.Contains(code), $"{process.Name} ended with {string.Join(" or ", process.Codes)}, Wait says {code}");
        Assert.All(live.Wait.Answers, answer => Assert.Equal(code, (int)answer));
        Wire.Tasks.Process state = await live.Container.StateAsync(process.Exec).WaitAsync(Patience.Call);
        Assert.Equal((process.Name, Status.Stopped, code), (process.Name, state.Status, (int)state.ExitStatus));
        if (!live.IsSettled)
        {
            DateTimeOffset at = state.ExitedAt.ToDateTimeOffset();
            CheckTime(process, live, code, at);
            await CheckEventAsync(process, live, code, at);
            live.IsSettled = true;
        }
    }

    private static void CheckTime(ProcessModel process, LiveProcess live, int code, DateTimeOffset at)
    {
        (DateTimeOffset from, DateTimeOffset to) = live.Ended!.Value;
        if (live.Worker.End is NotedEnd noted && noted.Code == code)
        {
            (from, to) = (noted.At, noted.At);
        }

        Assert.True(
            at >= from - Patience.Clock && at <= to + Patience.ExitTime,
            $"{process.Name} ended between {from:O} and {to:O}, State says {at:O}");
    }

    private async Task CheckEventAsync(ProcessModel process, LiveProcess live, int code, DateTimeOffset at)
    {
        await Until.TrueAsync(() => world.Events.Of(live).Count > 0, $"an exit event of {process.Name}, pid {live.Pid}", Patience.Event);
        IReadOnlyList<TaskEvent> events = world.Events.Of(live);
        Assert.All(events, e => Assert.Equal((process.Name, code, at), (process.Name, (int)e.ExitStatus, e.ExitedAt)));
        Assert.InRange(events.Count, 1, EventsAnOutage * (world.Outages + 1));
    }
}
