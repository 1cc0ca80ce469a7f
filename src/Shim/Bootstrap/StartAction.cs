using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Processes;
using ShimStack.Shim.Settings;

namespace ShimStack.Shim.Bootstrap;

/// <summary>What the start action works with, apart from the command line.</summary>
internal sealed record StartContext
{
    /// <summary>The bundle, which is also the server's working directory; absolute.</summary>
    public required string Bundle { get; init; }

    /// <summary>What the server is started from; absolute.</summary>
    public required string Executable { get; init; }

    /// <summary>The name that the binary was called by: the server keeps it, because the runtime's name comes from it.</summary>
    public required string Program { get; init; }

    /// <summary>The daemon, which started this helper.</summary>
    public required int DaemonPid { get; init; }

    /// <summary>Everything on stdin.</summary>
    public required byte[] Input { get; init; }

    /// <summary>Whether the processes of this shim share a core only among themselves (<c>SCHED_CORE</c>).</summary>
    public bool OwnCores { get; init; }
}

/// <summary>
/// The start action: finds the shim of the container's group or starts one, and says where it listens. It ends before the server has done
/// anything: the
/// socket listens already, and whoever connects waits in its backlog. The helper is no subreaper: its only child is meant to outlive it.
/// </summary>
internal sealed class StartAction(ShimArguments arguments, StartContext context)
{
    private const int SocketDescriptor = 3;

    /// <summary>Runs the action.</summary>
    /// <param name="print">Takes the answer, as soon as there is a shim to speak of.</param>
    /// <exception cref="StartupException">The input, the spec or the options are not usable.</exception>
    /// <exception cref="SyscallException">The system refuses. Nothing is left behind then, nor after an exception of <paramref
    /// name="print"/>.</exception>
    public void Run(Action<byte[]> print)
    {
        // The server reads them again; a bad one is told here, where a user sees it.
        SettingsReader.Read();
        var input = BootstrapInput.Parse(context.Input, arguments);
        string shimCgroup = input.ReadShimCgroup();
        string group = Grouping.Read(context.Bundle, arguments.Id);
        var address = SocketAddress.Of(input.SocketDirectory, input.GrpcAddress, arguments.Namespace, group);

        // Before anything that could be left over: it tells the delete action where to look. Daemons up to 1.7 find their shims by it after
        // a restart.
        BundleFiles.WriteAddress(context.Bundle, address);
        ListenSocket.MakeDirectory(input.SocketDirectory);
        using FileDescriptor? socket = ListenSocket.TryOpen(address);
        if (socket is null)
        {
            print(StartResult.For(input.Protocol, address, BootstrapRecord.OfGroup(context.Bundle, group, address)));
            return;
        }
        int? server = null;
        try
        {
            server = Spawn(input, socket);
            Settle(server.Value, shimCgroup);
            print(StartResult.For(input.Protocol, address));
        }
        catch
        {
            // Whatever it was: a server that the daemon does not hear of would stay for ever.
            Undo(server, address);
            throw;
        }
    }

    private int Spawn(BootstrapInput input, FileDescriptor socket)
    {
        if (context.OwnCores)
        {
            UseOwnCores();
        }
        List<string> line = [context.Program, "-namespace", arguments.Namespace, "-id", arguments.Id, "-address", input.GrpcAddress];
        if (input.Debug)
        {
            line.Add("-debug");
        }
        return Spawner.Spawn(new SpawnRequest
        {
            Path = context.Executable,
            Arguments = line,
            Environment = ProcessEnvironment.ForServer(input.TtrpcAddress),
            WorkingDirectory = context.Bundle,
            Descriptors = [new SpawnDescriptor(socket, SocketDescriptor)],
            NewProcessGroup = true,
        });
    }

    // The cookie is inherited by what this thread starts from now on.
    private static void UseOwnCores()
    {
        try
        {
            CurrentProcess.CreateCoreSchedulingGroup();
        }
        catch (SyscallException e)
        {
            throw new StartupException($"enable sched core support (SCHED_CORE is set): {e.Message}", e);
        }
    }

    private void Settle(int server, string shimCgroup)
    {
        if (shimCgroup.Length > 0)
        {
            ShimCgroup.Join(shimCgroup, server);
        }
        OomScore.Set(server, context.DaemonPid);
    }

    private static void Undo(int? server, SocketAddress address)
    {
        if (server is int pid)
        {
            ChildProcess.Kill(pid);
        }
        Files.TryUnlink(address.Path);
    }
}
