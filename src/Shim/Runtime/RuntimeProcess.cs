using System.Text;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Pipes;
using ShimStack.Native.Polling;
using ShimStack.Native.Processes;
using ShimStack.Shim.Loop;
using ShimStack.Shim.Reaping;

namespace ShimStack.Shim.Runtime;

/// <summary>How a command of the runtime ended.</summary>
/// <param name="Status">Exit code, or 128 + signal.</param>
/// <param name="Output">What it wrote to its standard streams, if nobody else got those; at most 16 KiB.</param>
internal readonly record struct RuntimeResult(int Status, string Output);

/// <summary>
/// Runs one short command as a child that dies with the shim, and waits for it through the reaper. The spawning thread is the
/// loop's, which lives as long as the process: PR_SET_PDEATHSIG follows the thread, see prctl(2).
/// </summary>
internal sealed class RuntimeProcess(EventLoop loop, Reaper reaper)
{
    private const int MaxOutput = 16 * 1024;

    /// <summary>Runs <paramref name="request"/> with its output collected.</summary>
    /// <param name="request">Descriptors 1 and 2 are added here.</param>
    /// <param name="cancellation">Kills the command; the call still ends only when it has been reaped.</param>
    /// <exception cref="SyscallException">The command could not be started.</exception>
    public async Task<RuntimeResult> CaptureAsync(SpawnRequest request, CancellationToken cancellation)
    {
        PipePair pipe = Pipe.Create();
        Files.SetNonBlocking(pipe.ReadEnd, true);
        using LoopDescriptor output = new(loop, pipe.ReadEnd, EpollEvents.EPOLLIN);
        RuntimeChild child;
        using (pipe.WriteEnd)
        {
            child = Spawn(request, [new SpawnDescriptor(pipe.WriteEnd, 1), new SpawnDescriptor(pipe.WriteEnd, 2)]);
        }

        // What the command wrote is there when it has ended. The end of file is not waited for: a daemon that the command
        // left behind may hold the pipe open for ever.
        using CancellationTokenRegistration kill = child.KillOn(cancellation);
        MemoryStream collected = new();
        while (!child.Exit.IsCompleted)
        {
            await Task.WhenAny(child.Exit, output.ReadableAsync(CancellationToken.None).AsTask());
            Drain(output.Descriptor, collected);
        }

        Drain(output.Descriptor, collected);
        cancellation.ThrowIfCancellationRequested();
        string text = Encoding.UTF8.GetString(collected.GetBuffer(), 0, (int)collected.Length);
        return new RuntimeResult((await child.Exit).Status, text);
    }

    /// <summary>Runs <paramref name="request"/> with the container's streams, whose ends here are closed at once.</summary>
    /// <inheritdoc cref="CaptureAsync"/>
    public async Task<RuntimeResult> RunAsync(SpawnRequest request, ChildStdio stdio, CancellationToken cancellation)
    {
        RuntimeChild child;
        using (stdio)
        {
            child = Spawn(request, [.. Descriptor(stdio.Stdin, 0), .. Descriptor(stdio.Stdout, 1), .. Descriptor(stdio.Stderr, 2)]);
        }

        using CancellationTokenRegistration kill = child.KillOn(cancellation);
        int status = (await child.Exit).Status;
        cancellation.ThrowIfCancellationRequested();
        return new RuntimeResult(status, string.Empty);
    }

    private static SpawnDescriptor[] Descriptor(FileDescriptor? source, int target) =>
        source is null ? [] : [new SpawnDescriptor(source, target)];

    private RuntimeChild Spawn(SpawnRequest request, SpawnDescriptor[] stdio)
    {
        int pid = Spawner.Spawn(request with { Descriptors = [.. request.Descriptors, .. stdio] });
        return new RuntimeChild(pid, reaper.ExitOf(pid));
    }

    private static void Drain(FileDescriptor pipe, MemoryStream collected)
    {
        Span<byte> buffer = stackalloc byte[1024];
        for (IoResult read = Files.Read(pipe, buffer); read is { IsOk: true, IsEnd: false }; read = Files.Read(pipe, buffer))
        {
            int room = (int)Math.Min(read.Count, MaxOutput - collected.Length);
            collected.Write(buffer[..room]);
        }
    }

    private readonly record struct RuntimeChild(int Pid, Task<ReapedExit> Exit)
    {
        // On the loop's thread a child whose exit is not known is not reaped either, so its pid is still its own.
        public CancellationTokenRegistration KillOn(CancellationToken cancellation)
        {
            RuntimeChild child = this;
            return cancellation.Register(() =>
            {
                if (!child.Exit.IsCompleted)
                {
                    ProcessSignals.Send(child.Pid, (int)Signal.SIGKILL);
                }
            });
        }
    }
}
