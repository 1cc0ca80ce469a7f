using System.Buffers;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Pipes;
using ShimStack.Native.Polling;
using ShimStack.Native.Processes;

namespace ShimStack.Shim.Bootstrap;

/// <summary>How a command of a helper ended.</summary>
/// <param name="Status">The exit code, or 128 + signal; null if it was killed because its time was over.</param>
/// <param name="Output">What it wrote, up to <see cref="HelperCommand.MaxOutput"/> bytes.</param>
internal readonly record struct CommandResult(int? Status, byte[] Output);

/// <summary>
/// Runs one program to its end in a helper, which has nothing else to do meanwhile. The program dies with the helper; one that outlives its
/// time is
/// killed together with the processes of its group, so that nothing is left. Its output ends when it ends, whoever else holds the pipe.
/// </summary>
internal sealed class HelperCommand : IDisposable
{
    /// <summary>More output than this is read but not kept, in bytes.</summary>
    public const int MaxOutput = 1 << 20;

    private const ulong OutputTag = 0;
    private const ulong ExitTag = 1;

    private readonly int _pid;
    private readonly PidDescriptor _child;
    private readonly FileDescriptor _output;
    private readonly Epoll _epoll;
    private readonly ArrayBufferWriter<byte> _kept = new();
    private readonly byte[] _buffer = new byte[16 * 1024];

    private HelperCommand(int pid, FileDescriptor output)
    {
        (_pid, _output) = (pid, output);
        _child = PidDescriptor.Open(pid);
        _epoll = Epoll.Create();
        Files.SetNonBlocking(output, true);
        _epoll.Add(output, EpollEvents.EPOLLIN, OutputTag);
        _epoll.Add(_child.Descriptor, EpollEvents.EPOLLIN, ExitTag);
    }

    /// <summary>Runs a program and takes what it writes.</summary>
    /// <param name="arguments">The absolute path of the program and its arguments.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="withErrors">Whether stderr is taken too, and not only stdout.</param>
    /// <exception cref="SyscallException">It cannot be started.</exception>
    public static CommandResult Run(IReadOnlyList<string> arguments, TimeSpan limit, bool withErrors)
    {
        PipePair pipe = Pipe.Create();
        using FileDescriptor output = pipe.ReadEnd;
        int pid;
        using (pipe.WriteEnd)
        {
            pid = Spawner.Spawn(new SpawnRequest
            {
                Path = arguments[0],
                Arguments = arguments,
                Environment = ProcessEnvironment.ForRuntime(),
                Descriptors = withErrors ? [new(pipe.WriteEnd, 1), new(pipe.WriteEnd, 2)] : [new(pipe.WriteEnd, 1)],
                DieWithParent = true,
                NewProcessGroup = true,
            });
        }
        using var command = new HelperCommand(pid, output);
        return command.Finish(limit);
    }

    public void Dispose()
    {
        _epoll.Dispose();
        _child.Dispose();
    }

    private CommandResult Finish(TimeSpan limit)
    {
        long started = TimeProvider.System.GetTimestamp();
        Span<EpollEvent> ready = stackalloc EpollEvent[2];
        bool exited = false;
        while (!exited)
        {
            TimeSpan left = limit - TimeProvider.System.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                return KillGroup();
            }
            int count = _epoll.Wait(ready, (int)Math.Ceiling(left.TotalMilliseconds));
            foreach (EpollEvent happened in ready[..count])
            {
                exited |= happened.Tag == ExitTag;
                if (happened.Tag == OutputTag && !ReadOutput())
                {
                    _epoll.Remove(_output);
                }
            }
        }
        ReadOutput();
        return new CommandResult(ChildProcess.Reap(_pid), _kept.WrittenSpan.ToArray());
    }

    private CommandResult KillGroup()
    {
        ProcessSignals.Send(-_pid, (int)Signal.SIGKILL);
        ChildProcess.WaitForExit(_pid, TimeSpan.FromMilliseconds(200));
        ReadOutput();
        return new CommandResult(null, _kept.WrittenSpan.ToArray());
    }

    /// <summary>Takes what is there; false at the end of the stream.</summary>
    private bool ReadOutput()
    {
        while (true)
        {
            IoResult read = Files.Read(_output, _buffer);
            if (read.WouldBlock)
            {
                return true;
            }
            if (!read.IsOk || read.IsEnd)
            {
                return false;
            }
            int room = Math.Min(read.Count, MaxOutput - _kept.WrittenCount);
            _kept.Write(_buffer.AsSpan(0, room));
        }
    }
}
