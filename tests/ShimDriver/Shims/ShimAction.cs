using System.Diagnostics;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api;
using ShimStack.Api.Bootstrap;
using ShimStack.Api.Runc;
using ShimStack.Api.Task;
using ShimStack.ShimDriver.Bundles;
using ShimStack.ShimDriver.Daemons;
using ShimStack.ShimDriver.Host;

namespace ShimStack.ShimDriver.Shims;

/// <summary>Runs the shim's short-lived actions as a daemon does: flags, environment, working directory and input.</summary>
/// <param name="shim">The binary.</param>
/// <param name="daemon">Whose addresses are passed.</param>
/// <param name="bundle">The working directory.</param>
/// <param name="options">What the caller chose.</param>
public sealed class ShimAction(ShimUnderTest shim, DaemonSide daemon, Bundle bundle, SessionOptions options)
{
    private const string DaemonBinary = "/usr/bin/containerd";

    /// <summary>The options which this daemon's containers have: a runtime root of its own, so that nothing is shared with a real daemon.</summary>
    public Options RuncOptions
    {
        get
        {
            var result = new Options { Root = daemon.RuntimeRoot, BinaryName = options.RuntimeBinary };
            options.AdjustOptions?.Invoke(result);
            return result;
        }
    }

    /// <summary>The same as they travel.</summary>
    public Any PackedOptions => new() { TypeUrl = TypeUrls.RuncOptions, Value = RuncOptions.ToByteString() };

    /// <summary>The start action. The answer is in its output; nothing may be on its standard error.</summary>
    public Task<CommandResult> StartAsync(CancellationToken cancellation) =>
        CommandFor("start", [], StartInputBytes()).RunAsync(cancellation);

    /// <summary>The same by <see cref="QuietProcess"/>: blocks, and the time is that of the action alone.</summary>
    public CommandResult StartExactly()
    {
        Command command = CommandFor("start", [], StartInputBytes());
        using var input = new DescriptorPair();
        using var output = new DescriptorPair();
        using var error = new DescriptorPair();
        input.Write(command.Input.Span);
        input.CloseWriteEnd();
        var start = new QuietStart(command.Path, [command.Path, .. command.Arguments])
        {
            Environment = Variables.Merge(QuietProcess.DriversOwn(), command.Environment),
            WorkingDirectory = command.WorkingDirectory,
            Input = input.ReadEnd,
            Output = output.WriteEnd,
            Error = error.WriteEnd,
        };
        long started = Stopwatch.GetTimestamp();
        int pid = QuietProcess.Spawn(start);
        output.CloseWriteEnd();
        error.CloseWriteEnd();
        byte[] answer = output.ReadToEnd();
        string complaint = Encoding.UTF8.GetString(error.ReadToEnd());
        int status = Subreaper.Reap(pid);
        return new CommandResult(status, answer, complaint, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>The delete action.</summary>
    public async Task<DeleteResponse> DeleteAsync(CancellationToken cancellation)
    {
        CommandResult result = await CommandFor("delete", ["-bundle", bundle.Path], []).RunAsync(cancellation);
        return DeleteResponse.Parser.ParseFrom(result.EnsureSuccess($"{shim.Name} delete").Output);
    }

    /// <summary>The variables that a daemon gives to a shim, beside its own.</summary>
    public static IReadOnlyDictionary<string, string> DaemonVariables(DaemonSide daemon) => new Dictionary<string, string>
    {
        ["TTRPC_ADDRESS"] = daemon.TtrpcAddress,
        ["GRPC_ADDRESS"] = daemon.GrpcAddress,
        ["NAMESPACE"] = daemon.Namespace,
        ["MAX_SHIM_VERSION"] = "2",
        ["GOMAXPROCS"] = "2",
    };

    private Command CommandFor(string action, IEnumerable<string> more, byte[] input)
    {
        string[] debug = options.Debug ? ["-debug"] : [];
        string[] common = ["-namespace", daemon.Namespace, "-address", daemon.GrpcAddress, "-publish-binary", DaemonBinary, "-id", bundle.Id];
        return new Command(shim.BinaryPath, [.. common, .. more, .. debug, action])
        {
            WorkingDirectory = bundle.Path,
            Environment = Variables.Merge(options.Environment, DaemonVariables(daemon)),
            Input = input,
        };
    }

    private byte[] StartInputBytes() => options.StartInput switch
    {
        StartInput.None => [],
        StartInput.Options => PackedOptions.ToByteArray(),
        StartInput.BootstrapParams => BootstrapParams().ToByteArray(),
        _ => throw new InvalidOperationException($"no input {options.StartInput}"),
    };

    private BootstrapParams BootstrapParams() => new()
    {
        InstanceId = bundle.Id,
        Namespace = daemon.Namespace,
        LogLevel = options.Debug ? LogLevel.Debug : LogLevel.Info,
        ContainerdVersion = "2.3.4",
        ContainerdTtrpcAddress = daemon.TtrpcAddress,
        ContainerdGrpcAddress = daemon.GrpcAddress,
        ContainerdBinary = DaemonBinary,
        Extensions = { new Api.Bootstrap.Extension { Value = PackedOptions } },
        SocketDir = SocketAddress.DefaultDirectory,
    };
}
