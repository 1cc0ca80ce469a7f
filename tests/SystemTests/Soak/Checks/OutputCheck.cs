using ShimStack.SystemTests.Processes;
using ShimStack.SystemTests.Soak.Plan;
using ShimStack.SystemTests.Soak.Walk;

namespace ShimStack.SystemTests.Soak.Checks;

/// <summary>
/// Every stream is a prefix of what its worker writes, and the whole when it is read. Nobody blocks, because a spool holds more than a walk leaves
/// unread.
/// </summary>
internal sealed class OutputCheck(World world)
{
    public async Task HoldAsync(ContainerModel container, ProcessModel process, LiveProcess live)
    {
        Assert.True(live.Output.Fault is null, live.Output.Fault);
        if (process.Life == Life.Ended)
        {
            await EndedAsync(process, live);
        }
        else if (process.Life == Life.Running && !container.IsPaused)
        {
            long bytes = (long)process.Lines * WorkerLines.Length;
            await MustAsync(() => live.Worker.Written == bytes, process, live, $"the worker writes {bytes} bytes");
            if (process.IsRead)
            {
                await MustAsync(() => live.Output.Position == bytes, process, live, $"{bytes} bytes arrive");
            }
        }
    }

    // A process that was killed while it wrote may have written a little more than it had counted.
    private async Task EndedAsync(ProcessModel process, LiveProcess live)
    {
        if (process.IsRead && live.Ended is not null)
        {
            long written = live.Worker.Written;
            await MustAsync(
                () => live.Output.Position >= written && (live.Output.HasEnded || live.WasReadAfterItsEnd), process, live, "all bytes and their end arrive");
            Assert.InRange(live.Output.Position, written, written + (WorkerLines.AtOnce * WorkerLines.Length));
        }
    }

    private async Task MustAsync(Func<bool> condition, ProcessModel process, LiveProcess live, string what)
    {
        if (!await Until.IsTrueAsync(() => condition() || live.Output.Fault is not null, Patience.Output))
        {
            throw new TimeoutException(
                $"{process.Name} (daemon {world.Model.Daemon}, reader {process.Reader}): {what}; written {live.Worker.Written}, read {live.Output.Position}, " +
                $"end seen {live.Output.HasEnded}");
        }

        Assert.True(live.Output.Fault is null, live.Output.Fault);
    }
}
