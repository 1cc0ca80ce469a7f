using ShimStack.Api.Parking;
using ShimStack.Native;
using ShimStack.Supervisor.Events;
using ShimStack.Supervisor.Shims;

namespace ShimStack.Supervisor.Parking;

/// <summary>
/// Puts a new process of the shim's binary in the place of one that has died. It gets everything that the dead one had left, and serves on the same
/// socket, which never stopped to listen. See docs/adoption.md.
/// </summary>
internal sealed class ShimAdoption(ParkingInbox inbox, ShimCommand command, ProcessRecords processes, TimeProvider time, ILogger<ShimAdoption> logger)
{
    /// <summary>How many processes may take a shim's place within <see cref="Period"/>: one that dies again and again is not helped by more.</summary>
    public const int MaxReplacements = 5;

    /// <summary>See <see cref="MaxReplacements"/>.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan[] Pauses = [TimeSpan.Zero, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1)];

    private readonly ParkedShims _parked = inbox.Shims;

    /// <summary>Makes sure that the shim has a process that serves: the one it had, if that lives, or a new one.</summary>
    /// <param name="shim">The shim.</param>
    /// <param name="bundle">Of one of its tasks: where the new one works.</param>
    /// <param name="binary">The program.</param>
    /// <returns>False: it is given up, and what it had left is closed.</returns>
    public async Task<bool> ReviveAsync(ParkedShim shim, Bundle bundle, string binary)
    {
        await shim.Turn.WaitAsync();
        try
        {
            if (!shim.Process.IsEnding)
            {
                return true;
            }

            await shim.Process.EndAsync(inbox.Loop); // from then on its children are ours, and what has ended of them is known
            await inbox.CatchUpAsync(); // and it has said its last word
            if (!shim.Process.IsEnding)
            {
                return true; // which was that it is another process by now
            }

            if (!_parked.HasContainers(shim))
            {
                return false;
            }

            await RecallAsync(shim);
            logger.ShimDied(bundle.Namespace, shim.Hello.Id, shim.Process.Pid);
            return await TryReplaceAsync(shim, bundle, binary);
        }
        finally
        {
            shim.Turn.Release();
        }
    }

    private async Task RecallAsync(ParkedShim shim)
    {
        foreach (string container in _parked.ContainersOf(shim))
        {
            _parked.Know(shim, await processes.OfContainerAsync(shim.Hello.Namespace, container));
        }

        _parked.KnowReaped(shim);
    }

    private async Task<bool> TryReplaceAsync(ParkedShim shim, Bundle bundle, string binary)
    {
        foreach (TimeSpan pause in Pauses)
        {
            await Task.Delay(pause, time);
            if (!MayReplace(shim))
            {
                logger.ReplacedTooOften(bundle.Namespace, shim.Hello.Id, MaxReplacements, Period.TotalSeconds);
                break;
            }

            if (await ReplaceAsync(shim, bundle, binary) is not string failure)
            {
                return true;
            }

            logger.NotReplaced(bundle.Namespace, shim.Hello.Id, binary, failure);
        }

        _parked.Remove(shim);
        return false;
    }

    private bool MayReplace(ParkedShim shim)
    {
        DateTimeOffset now = time.GetUtcNow();
        while (shim.Replacements.TryPeek(out DateTimeOffset first) && now - first > Period)
        {
            shim.Replacements.Dequeue();
        }

        return shim.Replacements.Count < MaxReplacements;
    }

    // Null, or why it could not be.
    private async Task<string?> ReplaceAsync(ParkedShim shim, Bundle bundle, string binary)
    {
        shim.Replacements.Enqueue(time.GetUtcNow());
        FileDescriptor? theirs = null;
        ParkingConnection? connection = null;
        try
        {
            (FileDescriptor ours, theirs) = Mailbox.Fill([.. _parked.ContentOf(shim), (new ParkingMessage { Kind = ParkingMessage.Types.Kind.Adopt }, [])]);
            int pid = await command.AdoptAsync(bundle, binary, shim.Hello.Id, theirs);
            theirs.Dispose(); // its end is the shim's alone, so that its death shows
            ShimProcess process = ShimProcess.Of(pid, 0);
            connection = new ParkingConnection(inbox, ours, pid, shim);
            string? failure = await OutcomeAsync(connection);
            if (failure is null)
            {
                _parked.Replaced(shim, process, connection);
                logger.ShimReplaced(bundle.Namespace, shim.Hello.Id, pid);
                return null;
            }

            connection.Close();
            process.Kill();
            process.Dispose();
            return failure;
        }
        catch (SyscallException e)
        {
            connection?.Close();
            theirs?.Dispose();
            return e.Message;
        }
    }

    private async Task<string?> OutcomeAsync(ParkingConnection connection)
    {
        try
        {
            return await connection.Serves.WaitAsync(StartLimit, time);
        }
        catch (TimeoutException)
        {
            return $"it did not serve within {StartLimit.TotalSeconds} s";
        }
    }
}
