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
internal sealed class RuntimeProcess(EventLoop loop, Reaper reaper, RuntimeCalls calls)
{
    private const int MaxOutput = 16 * 1024;
    private readonly SpareTime _spareTime = new();

    /// <summary>Runs a command with its output collected.</summary>
    /// <param name="command">Descriptors 1 and 2 are added here.</param>
    /// <param name="cancellation">Kills the command; the call still ends only when it has been reaped.</param>
    /// <exception cref="SyscallException">The command could not be started.</exception>
    /// <exception cref="Ttrpc.RpcException">DeadlineExceeded: its time was over, and it was killed.</exception>
    public async Task<RuntimeResult> CaptureAsync(RuntimeCommand command, CancellationToken cancellation)
    {
        PipePair pipe = Pipe.Create();
        Files.SetNonBlocking(pipe.ReadEnd, true);
        using LoopDescriptor output = new(loop, pipe.ReadEnd, EpollEvents.EPOLLIN);
        RuntimeCall call = calls.Begin(command.Name, command.Container);
        using RuntimeChild child = CaptureChild(command, call, pipe.WriteEnd, cancellation);

        // What the command wrote is there when it has ended. The end of file is not waited for: a daemon that the command
        // left behind may hold the pipe open for ever.
        MemoryStream collected = new();
        while (!child.Ended.IsCompleted)
        {
            await Task.WhenAny(child.Ended, output.ReadableAsync(CancellationToken.None).AsTask());
            Drain(output.Descriptor, collected);
        }

        Drain(output.Descriptor, collected);
        calls.End(call, child.Outcome);
        string text = Encoding.UTF8.GetString(collected.GetBuffer(), 0, (int)collected.Length);
        return new RuntimeResult(child.Status(cancellation), text);
    }

    /// <summary>Runs a command with the container's streams, whose ends here are closed at once.</summary>
    /// <inheritdoc cref="CaptureAsync"/>
    public async Task<RuntimeResult> RunAsync(RuntimeCommand command, ChildStdio stdio, CancellationToken cancellation)
    {
        RuntimeCall call = calls.Begin(command.Name, command.Container);
        using RuntimeChild child = StreamChild(command, call, stdio, cancellation);
        await child.Ended;
        calls.End(call, child.Outcome);
        return new RuntimeResult(child.Status(cancellation), string.Empty);
    }

    private RuntimeChild CaptureChild(RuntimeCommand command, RuntimeCall call, FileDescriptor writeEnd, CancellationToken cancellation)
    {
        using (writeEnd)
        {
            return Spawn(command, call, [new SpawnDescriptor(writeEnd, 1), new SpawnDescriptor(writeEnd, 2)], cancellation);
        }
    }

    private RuntimeChild StreamChild(RuntimeCommand command, RuntimeCall call, ChildStdio stdio, CancellationToken cancellation)
    {
        using (stdio)
        {
            SpawnDescriptor[] streams = [.. Descriptor(stdio.Stdin, 0), .. Descriptor(stdio.Stdout, 1), .. Descriptor(stdio.Stderr, 2)];
            return Spawn(command, call, streams, cancellation);
        }
    }

    private static SpawnDescriptor[] Descriptor(FileDescriptor? source, int target) =>
        source is null ? [] : [new SpawnDescriptor(source, target)];

    private RuntimeChild Spawn(RuntimeCommand command, RuntimeCall call, SpawnDescriptor[] stdio, CancellationToken cancellation)
    {
        try
        {
            SpawnRequest request = command.Request;
            call.Pid = Spawner.Spawn(request with { Descriptors = [.. request.Descriptors, .. stdio], NewProcessGroup = true });
            RuntimeChild child = new(call.Pid, reaper.ExitOf(call.Pid), command, loop.Timers, cancellation);
            _spareTime.Use();
            return child;
        }
        catch (SyscallException e)
        {
            calls.End(call, e.Message);
            throw;
        }
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
}
