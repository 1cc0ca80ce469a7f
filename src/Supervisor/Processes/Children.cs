using System.Text;
using ShimStack.Native.Polling;
using ShimStack.Native.Processes;

namespace ShimStack.Supervisor.Processes;

/// <summary>How a command ended.</summary>
/// <param name="Status">Exit code, or 128 + signal.</param>
/// <param name="Output">What it wrote to stdout.</param>
/// <param name="Errors">What it wrote to stderr.</param>
internal sealed record CommandResult(int Status, byte[] Output, byte[] Errors)
{
    private const int MaxText = 4096;

    /// <summary>stdout and stderr as one text, for messages: the end of it, where the reason is. A status of gRPC is a header, and headers are short.</summary>
    public string Text
    {
        get
        {
            string text = (Encoding.UTF8.GetString(Output) + Encoding.UTF8.GetString(Errors)).Trim();
            return text.Length <= MaxText ? text : "…" + text[^MaxText..];
        }
    }
}

/// <summary>
/// The one owner of wait(2): helpers that were started here, and orphans that became our children (shims, and the containers of dead ones).
/// All of it happens on the loop's thread.
/// </summary>
internal sealed class Children
{
    private readonly DescriptorLoop _loop;
    private readonly SignalDescriptor _signals;
    private readonly ulong _signalsTag;
    private readonly Dictionary<int, Action<ChildExit>> _expected = [];

    /// <param name="loop">Where children are made and waited for.</param>
    /// <param name="ended">Called on the loop's thread for each signal that asks us to end (SIGTERM, SIGINT).</param>
    public Children(DescriptorLoop loop, Action ended)
    {
        _loop = loop;
        _signals = SignalDescriptor.Create([Signal.SIGCHLD, Signal.SIGTERM, Signal.SIGINT]);
        _signalsTag = loop.Register(_signals.Descriptor, () => ReadSignals(ended));
    }

    /// <summary>Called on the loop's thread for each child that ended and that nobody here had started.</summary>
    public event Action<ChildExit>? OrphanEnded;

    /// <summary>
    /// Reaps those that ended under another build in this process, which may have taken their signal. Called when <see cref="OrphanEnded"/> is
    /// heard.
    /// </summary>
    public void TakeOver() => _loop.Post(ReapAll);

    /// <summary>From now on signals stay pending, and children that end stay zombies, for the next build in this process.</summary>
    public Task LetGoAsync() => _loop.RunAsync(() =>
    {
        _loop.Forget(_signals.Descriptor, _signalsTag);
        return true;
    });

    /// <summary>Runs a command to its end, and collects what it writes.</summary>
    /// <param name="request">Descriptors 0, 1 and 2 are added here. It dies with us.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="cancellation">Kills it with SIGKILL; the call still ends only when it has been reaped.</param>
    /// <exception cref="Native.SyscallException">It could not be started.</exception>
    /// <exception cref="OperationCanceledException">It was killed.</exception>
    public async Task<CommandResult> RunAsync(SpawnRequest request, ReadOnlyMemory<byte> input, CancellationToken cancellation)
    {
        using ChildPipes pipes = ChildPipes.Open(_loop, input.Span);
        TaskCompletionSource<int> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int pid = await _loop.RunAsync(() => Spawn(request with { Descriptors = pipes.ForChild, DieWithParent = true, NewProcessGroup = true }, pipes, ended));
        int status;
        await using (cancellation.UnsafeRegister(_ => _loop.Post(() => Kill(pid)), null))
        {
            status = await ended.Task;
        }

        (byte[] output, byte[] errors) = await pipes.CollectAsync(cancellation);
        cancellation.ThrowIfCancellationRequested();
        return new CommandResult(status, output, errors);
    }

    /// <summary>Starts a program that outlives us; its end is an orphan's.</summary>
    /// <returns>Its pid, which stays its own at least until the next turn of the loop.</returns>
    /// <exception cref="Native.SyscallException">It could not be started.</exception>
    public Task<int> StartAsync(SpawnRequest request) => _loop.RunAsync(() => Spawner.Spawn(request));

    private int Spawn(SpawnRequest request, ChildPipes pipes, TaskCompletionSource<int> ended)
    {
        int pid = Spawner.Spawn(request);
        _expected[pid] = exit => ended.SetResult(exit.Status);
        pipes.CloseForChild();
        return pid;
    }

    // A pid that is still expected has not been reaped, so it is its own.
    private void Kill(int pid)
    {
        if (_expected.ContainsKey(pid))
        {
            ProcessSignals.Send(-pid, (int)Signal.SIGKILL);
        }
    }

    private void ReadSignals(Action ended)
    {
        while (_signals.TryRead(out Signal signal))
        {
            if (signal != Signal.SIGCHLD)
            {
                ended();
            }
        }

        ReapAll();
    }

    private void ReapAll()
    {
        while (ChildWait.TryNext(out ChildExit exit))
        {
            if (_expected.Remove(exit.Pid, out Action<ChildExit>? owner))
            {
                owner(exit);
            }
            else
            {
                OrphanEnded?.Invoke(exit);
            }
        }
    }
}
