using ShimStack.Native;
using ShimStack.Shim.Bootstrap;
using ShimStack.Shim.Reaping;
using ShimStack.Shim.Runtime;
using ShimStack.Shim.Stdio;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tasks;

/// <summary>A process that the runtime has made.</summary>
/// <param name="Pid">Read from the runtime's pid file.</param>
/// <param name="Stdio">Its streams, moving already.</param>
/// <param name="Exit">Its end, even if that came before the pid was known.</param>
internal readonly record struct LaunchedProcess(int Pid, ProcessStdio Stdio, Task<ReapedExit> Exit);

/// <summary>
/// What create and exec have in common: streams first, then the runtime, then its pid file. The exit watch is open before
/// the runtime runs, so even a process that is gone at once is not missed.
/// </summary>
internal sealed class ProcessLauncher(StdioContext stdio, StreamOpener opener, Reaper reaper)
{
    private static readonly TimeSpan ConsoleLimit = TimeSpan.FromSeconds(30);

    /// <summary>The runtime's call, given a console socket or the ends for the process.</summary>
    internal delegate Task RuntimeCall(string? consoleSocket, ChildStdio? streams);

    /// <summary>Makes the streams, lets <paramref name="call"/> make the process, and starts to move bytes.</summary>
    /// <exception cref="RpcException">Unknown, with the text of contract chapter 3.3; the streams are closed again.</exception>
    public async Task<LaunchedProcess> LaunchAsync(StreamRequest request, string pidFile, RuntimeCall call, CancellationToken cancellation)
    {
        using ExitWatch watch = reaper.Watch();
        ProcessStdio streams = request.Paths.Terminal
            ? await OnTerminalAsync(request, call, cancellation)
            : await OnPipesAsync(request, call, cancellation);
        try
        {
            int pid = ReadPid(pidFile);
            Task<ReapedExit> exit = watch.TryFor(pid) ?? throw NoChild(pidFile, pid);
            streams.Start();
            return new LaunchedProcess(pid, streams, exit);
        }
        catch (RpcException)
        {
            await streams.CloseAsync();
            throw;
        }
    }

    private static int ReadPid(string pidFile)
    {
        try
        {
            return BundleFiles.ReadPid(pidFile);
        }
        catch (Exception e) when (e is SyscallException or InvalidDataException)
        {
            throw new RpcException(RpcCode.Unknown, $"failed to retrieve OCI runtime container pid: {e.Message}", e);
        }
    }

    // A runtime that is wrong about a pid must not make us signal a stranger.
    private static RpcException NoChild(string pidFile, int pid) => RpcException.Unknown(
        $"failed to retrieve OCI runtime container pid: process {pid}, which {pidFile} names, is no child of the shim");

    private async Task<ProcessStdio> OnPipesAsync(StreamRequest request, RuntimeCall call, CancellationToken cancellation)
    {
        (ProcessStdio streams, ChildStdio child) = await opener.OpenPipesAsync(request, cancellation);
        using (child)
        {
            try
            {
                await call(null, child);
                return streams;
            }
            catch
            {
                child.Dispose(); // a logging binary ends when the last writer has closed
                await streams.CloseAsync();
                throw;
            }
        }
    }

    private async Task<ProcessStdio> OnTerminalAsync(StreamRequest request, RuntimeCall call, CancellationToken cancellation)
    {
        TerminalStdio ends = await opener.OpenTerminalAsync(request, cancellation);
        try
        {
            using ConsoleSocket console = ListenForConsole();
            await call(console.SocketPath, null);
            return ends.Join(stdio, await ReceiveMasterAsync(console));
        }
        catch (SyscallException e)
        {
            await ends.CloseAsync();
            throw new RpcException(RpcCode.Unknown, $"failed to start console copy: {e.Message}", e);
        }
        catch
        {
            await ends.CloseAsync();
            throw;
        }
    }

    private ConsoleSocket ListenForConsole()
    {
        try
        {
            return ConsoleSocket.Listen(stdio.Loop);
        }
        catch (SyscallException e)
        {
            throw new RpcException(RpcCode.Unknown, $"failed to create OCI runtime console socket: {e.Message}", e);
        }
    }

    private async Task<FileDescriptor> ReceiveMasterAsync(ConsoleSocket console)
    {
        using CancellationTokenSource limit = new(ConsoleLimit, stdio.Loop.Timers);
        try
        {
            return await console.ReceiveAsync(limit.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            throw new RpcException(RpcCode.Unknown, $"failed to retrieve console master: {e.Message}", e);
        }
    }
}
