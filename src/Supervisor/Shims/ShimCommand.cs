using System.Diagnostics;
using Google.Protobuf;
using ShimStack.Api.Task;
using ShimStack.Native;
using ShimStack.Native.Processes;
using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Processes;
using ShimStack.Supervisor.Tracing;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Shims;

/// <summary>Runs the shim's binary for what it does in a moment: start, delete, -info. Contract chapters 1.3 to 1.6, 1.12 and 1.13.</summary>
internal sealed class ShimCommand(SupervisorSettings settings, Children children, ShimStarts starts, ILogger<ShimCommand> logger)
{
    /// <summary>Tells a shim where it can leave what must not close with it. Others than ours do not know it.</summary>
    public const string ParkingVariable = "SHIMSTACK_PARK";

    private const int MailboxNumber = 3;
    private static readonly TimeSpan DeleteLimit = TimeSpan.FromSeconds(5);

    // What systemd says to us is not said to them (ServiceManager has taken the rest); nor what we say to them ourselves: of two of a name
    // the first counts. See getenv(3).
    private static readonly string[] NotForShims =
    [
        "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES",
        "TTRPC_ADDRESS", ParkingVariable, "GRPC_ADDRESS", "NAMESPACE", "MAX_SHIM_VERSION", "GOMAXPROCS",
        .. SocketThreads.Variables,
    ];

    /// <summary>Starts a shim, or finds the one of the container's group.</summary>
    /// <param name="bundle">The task's.</param>
    /// <param name="binary">The program.</param>
    /// <param name="options">The runtime's; empty for none.</param>
    /// <param name="cancellation">Kills it.</param>
    /// <exception cref="RpcException">Unknown: it failed, with what it said.</exception>
    public async Task<ShimAddress> StartAsync(Bundle bundle, string binary, ReadOnlyMemory<byte> options, CancellationToken cancellation)
    {
        long began = Stopwatch.GetTimestamp();
        CommandResult result = await RunAsync(bundle, binary, ["start"], options, cancellation);
        starts.Add(Stopwatch.GetElapsedTime(began));
        if (result.Status != 0)
        {
            throw RpcException.Unknown($"start of the shim {binary}: {result.Text}: exit status {result.Status}");
        }

        return ShimAddress.Parse(result.Output);
    }

    /// <summary>Cleans up after a shim: kills what is left of its container, unmounts its root. At most 5 seconds.</summary>
    /// <returns>What it found out of the end of the container; null if it failed, which is logged.</returns>
    public async Task<DeleteResponse?> DeleteAsync(Bundle bundle, string binary)
    {
        using CancellationTokenSource limit = new(DeleteLimit);
        try
        {
            CommandResult result = await RunAsync(bundle, binary, ["-bundle", bundle.Path, "delete"], default, limit.Token);
            if (result.Errors.Length > 0)
            {
                logger.CleanupWarned(bundle.Namespace, bundle.Id, System.Text.Encoding.UTF8.GetString(result.Errors).Trim());
            }

            return result.Status == 0 ? DeleteResponse.Parser.ParseFrom(result.Output) : throw RpcException.Unknown($"exit status {result.Status}");
        }
        catch (Exception e) when (e is OperationCanceledException or RpcException or SyscallException or InvalidProtocolBufferException)
        {
            logger.CleanupFailed(bundle.Namespace, bundle.Id, binary, e.Message);
            return null;
        }
    }

    /// <summary>Asks a shim what it and its runtime can do.</summary>
    /// <param name="binary">The program.</param>
    /// <param name="request">An encoded RuntimeOptions or runc Options in an Any; empty for none.</param>
    /// <param name="cancellation">Kills it.</param>
    /// <returns>An encoded RuntimeInfo.</returns>
    /// <exception cref="RpcException">Unknown: it failed, with what it said.</exception>
    public async Task<byte[]> InfoAsync(string binary, ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        SpawnRequest command = new() { Path = binary, Arguments = [binary, "-info"], Environment = Inherited() };
        CommandResult result = await children.RunAsync(command, request, cancellation);
        return result.Status == 0 ? result.Output : throw RpcException.Unknown($"{binary} -info: {result.Text}: exit status {result.Status}");
    }

    /// <summary>Starts a server that takes the place of one that has died: it finds what that one had left in a mailbox. See src/Api/Parking.</summary>
    /// <param name="bundle">Where it works.</param>
    /// <param name="binary">The program.</param>
    /// <param name="id">The shim's, which is that of the container that it was started for.</param>
    /// <param name="mailbox">The mailbox.</param>
    /// <returns>Its pid.</returns>
    /// <exception cref="SyscallException">It cannot be run.</exception>
    public Task<int> AdoptAsync(Bundle bundle, string binary, string id, FileDescriptor mailbox)
    {
        string[] debug = settings.LogLevel <= LogLevel.Debug ? ["-debug"] : [];
        return children.StartAsync(new SpawnRequest
        {
            Path = binary,
            Arguments = [binary, "-namespace", bundle.Namespace, "-id", id, "-address", settings.Address, .. debug, "-adopt"],
            Environment = EnvironmentFor(bundle.Namespace),
            WorkingDirectory = bundle.Path,
            Descriptors = [new SpawnDescriptor(mailbox, MailboxNumber)],
            NewProcessGroup = true,
        });
    }

    private async Task<CommandResult> RunAsync(
        Bundle bundle, string binary, string[] action, ReadOnlyMemory<byte> input, CancellationToken cancellation)
    {
        string[] debug = settings.LogLevel <= LogLevel.Debug ? ["-debug"] : [];
        SpawnRequest request = new()
        {
            Path = binary,
            Arguments =
            [
                binary, "-namespace", bundle.Namespace, "-address", settings.Address, "-publish-binary", CurrentProcess.ExecutablePath,
                "-id", bundle.Id, .. debug, .. action,
            ],
            Environment = EnvironmentFor(bundle.Namespace),
            WorkingDirectory = bundle.Path,
        };
        using Activity? activity = TaskTrace.Shim(action[^1], bundle.Namespace, bundle.Id);
        try
        {
            return await children.RunAsync(request, input, cancellation);
        }
        catch (SyscallException e)
        {
            activity.Failed(e);
            throw RpcException.Unknown($"the shim {binary} cannot be run: {e.Message}");
        }
    }

    private List<string> EnvironmentFor(string nameSpace) =>
    [
        .. Inherited(),
        "TTRPC_ADDRESS=" + settings.TtrpcAddress,
        ParkingVariable + "=" + settings.ParkingAddress,
        "GRPC_ADDRESS=" + settings.Address,
        "NAMESPACE=" + nameSpace,
        "MAX_SHIM_VERSION=2",
        "GOMAXPROCS=2",
    ];

    private static List<string> Inherited()
    {
        List<string> variables = [];
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (!NotForShims.Contains((string)variable.Key))
            {
                variables.Add($"{variable.Key}={variable.Value}");
            }
        }

        return variables;
    }
}
