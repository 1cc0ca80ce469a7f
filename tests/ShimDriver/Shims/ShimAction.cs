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

    /// <summary>The delete action.</summary>
    public async Task<DeleteResponse> DeleteAsync(CancellationToken cancellation)
    {
        CommandResult result = await CommandFor("delete", ["-bundle", bundle.Path], []).RunAsync(cancellation);
        return DeleteResponse.Parser.ParseFrom(result.EnsureSuccess($"{shim.Name} delete").Output);
    }

    private Command CommandFor(string action, IEnumerable<string> more, byte[] input)
    {
        string[] debug = options.Debug ? ["-debug"] : [];
        string[] common = ["-namespace", daemon.Namespace, "-address", daemon.GrpcAddress, "-publish-binary", DaemonBinary, "-id", bundle.Id];
        var environment = new Dictionary<string, string>(options.Environment)
        {
            ["TTRPC_ADDRESS"] = daemon.TtrpcAddress,
            ["GRPC_ADDRESS"] = daemon.GrpcAddress,
            ["NAMESPACE"] = daemon.Namespace,
            ["MAX_SHIM_VERSION"] = "2",
            ["GOMAXPROCS"] = "2",
        };
        return new Command(shim.BinaryPath, [.. common, .. more, .. debug, action])
        {
            WorkingDirectory = bundle.Path,
            Environment = environment,
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
