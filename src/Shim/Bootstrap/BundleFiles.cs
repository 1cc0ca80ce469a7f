using System.Globalization;
using System.Text;
using System.Text.Json;
using ShimStack.Api.Runc;
using ShimStack.Native.Files;

namespace ShimStack.Shim.Bootstrap;

/// <summary>The files which the shim keeps in a bundle for the helpers of its own kind, and for a daemon of another version.</summary>
internal static class BundleFiles
{
    // Modes before the umask, as the reference has them.
    private const int OwnerOnly = 0x180; // 0600
    private const int WorldReadable = 0x1A4; // 0644

    /// <summary>The options that the container was created with; the defaults if there is no record.</summary>
    /// <exception cref="InvalidDataException">The record cannot be understood.</exception>
    public static Options ReadOptions(string bundle)
    {
        string path = bundle + "/options.json";
        byte[]? json = SmallFile.TryReadAll(path);
        try
        {
            return json is null ? new Options() : OptionsJson.Read(json);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}: {JsonFault.Describe(e)}", e);
        }
    }

    /// <summary>Records the options for <c>delete</c>.</summary>
    public static void WriteOptions(string bundle, Options options) =>
        Files.Replace(bundle + "/options.json", OptionsJson.Write(options), OwnerOnly);

    /// <summary>The runtime binary's name as the options gave it; empty if they gave none or there is no record.</summary>
    public static string ReadRuntime(string bundle) => Encoding.UTF8.GetString(SmallFile.TryReadAll(bundle + "/runtime") ?? []);

    /// <summary>Records the runtime binary for <c>delete</c>, verbatim: empty means the default.</summary>
    public static void WriteRuntime(string bundle, string binaryName) =>
        Files.Replace(bundle + "/runtime", Encoding.UTF8.GetBytes(binaryName), OwnerOnly);

    /// <summary>
    /// Where the bundle's shim listens; null if there is no such record. The text has no newline: 1.6 takes it as it is when it looks for
    /// its shims again. The reference of 2.x writes none, but its daemon does.
    /// </summary>
    public static SocketAddress? ReadAddress(string bundle) =>
        SmallFile.TryReadAll(bundle + "/address") is byte[] text ? SocketAddress.TryParse(Encoding.UTF8.GetString(text))
        : BootstrapRecord.Read(bundle) is BootstrapRecord record ? SocketAddress.TryParse(record.Address)
        : null;

    /// <summary>Records where the bundle's shim listens.</summary>
    public static void WriteAddress(string bundle, SocketAddress address) =>
        Files.Replace(bundle + "/address", Encoding.UTF8.GetBytes(address.Uri), WorldReadable);

    /// <summary>The pid of the container's first process, as the runtime left it.</summary>
    /// <exception cref="Native.SyscallException">There is none.</exception>
    /// <exception cref="InvalidDataException">The file holds anything but a decimal number above zero.</exception>
    public static int ReadInitPid(string bundle) => ReadPid(bundle + "/init.pid");

    /// <summary>The pid in any pid file of a runtime: nothing but digits, without a newline.</summary>
    /// <inheritdoc cref="ReadInitPid"/>
    public static int ReadPid(string path)
    {
        byte[] text = SmallFile.ReadAll(path);
        bool isPid = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && pid > 0;
        return isPid ? pid : throw new InvalidDataException($"{path}: \"{Encoding.UTF8.GetString(text)}\" is not a pid");
    }
}
