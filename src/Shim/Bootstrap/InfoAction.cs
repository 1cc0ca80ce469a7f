using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api;
using ShimStack.Api.Types;
using ShimStack.Native;
using ShimStack.Native.Processes;

namespace ShimStack.Shim.Bootstrap;

/// <summary>The answer to <c>-info</c>: what this runtime is and what the binary behind it can do. Daemons ask since 2.0.</summary>
internal static class InfoAction
{
    private static readonly TimeSpan FeaturesLimit = TimeSpan.FromSeconds(5);

    /// <summary>Runs the action.</summary>
    /// <param name="runtimeName">The name that containerd knows this binary by.</param>
    /// <param name="input">stdin: options as an Any, or nothing.</param>
    /// <returns>The bytes for stdout: a RuntimeInfo.</returns>
    /// <exception cref="StartupException">The options cannot be read, or there is no such binary.</exception>
    public static byte[] Run(string runtimeName, byte[] input)
    {
        Any? options = input.Length == 0 ? null : Parse(input);
        string binary = RuntimeOptionsReader.Read(options).BinaryName is { Length: > 0 } name ? name : DefaultBinary;
        string path = ExecutablePath.Find(binary, Environment.GetEnvironmentVariable("PATH"))
            ?? throw new StartupException($"failed to look up the path of \"{binary}\": executable file not found in $PATH");
        return new RuntimeInfo
        {
            Name = runtimeName,
            Version = new RuntimeVersion { Version = ShimVersion.Text, Revision = ShimVersion.Revision },
            Options = options,
            Features = Features(path),
        }.ToByteArray();
    }

    /// <summary>The runtime when no option names one.</summary>
    public const string DefaultBinary = "runc";

    private static Any Parse(byte[] input)
    {
        try
        {
            return Any.Parser.ParseFrom(input);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new StartupException($"the {input.Length} bytes on standard input are not runtime options: {e.Message}", e);
        }
    }

    // An old runtime does not know the command: then the field is left out, and the daemon knows no more than before.
    private static Any? Features(string path)
    {
        try
        {
            CommandResult result = HelperCommand.Run([path, "features"], FeaturesLimit, withErrors: false);
            return result.Status == 0 ? new Any { TypeUrl = TypeUrls.OciFeatures, Value = ByteString.CopyFrom(result.Output) } : null;
        }
        catch (SyscallException e) when (e.Call == "execve")
        {
            return null;
        }
    }
}
