using System.Text.Json;
using ShimStack.Ctl.Kernel;

namespace ShimStack.Ctl.Shims;

/// <summary>
/// Finds the socket of the shim that has a container, without its daemon: a shim is the parent of its container, has its bundle as its working
/// directory, and is told namespace and container by its command line; and the bundle says where the shim listens.
/// </summary>
internal static class ShimAddresses
{
    private const string Scheme = "unix://";

    /// <summary>The path of the socket; null if nothing leads there.</summary>
    /// <param name="kernel">Of the machine that it should be on.</param>
    /// <param name="folders">Of the daemon.</param>
    /// <param name="nameSpace">Of the container.</param>
    /// <param name="id">The container.</param>
    /// <param name="pid">Its process, 0 if it has none.</param>
    public static string? Find(KernelFiles kernel, DaemonFolders folders, string nameSpace, string id, int pid) =>
        Bundles(kernel, folders, nameSpace, id, pid).Select(bundle => SocketOf(kernel, bundle)).FirstOrDefault(socket => socket is not null);

    /// <summary>What a bundle says of its shim: its address alone, or in a document. Contract chapters 1.6 and 1.10.</summary>
    public static string? SocketOf(KernelFiles kernel, string bundle)
    {
        string? address = kernel.TryText(bundle + "/address") ?? InDocument(kernel.TryText(bundle + "/bootstrap.json"));
        return address is not null && address.StartsWith(Scheme, StringComparison.Ordinal) ? address[Scheme.Length..] : null;
    }

    /// <summary>The value of a flag that daemons give to every shim.</summary>
    public static string? Flag(string[] words, string name)
    {
        int at = Array.IndexOf(words, name);
        return at >= 0 ? words.ElementAtOrDefault(at + 1) : null;
    }

    private static IEnumerable<string> Bundles(KernelFiles kernel, DaemonFolders folders, string nameSpace, string id, int pid)
    {
        if (pid > 0 && KernelProcess.TryRead(kernel, pid) is KernelProcess process
            && Flag(kernel.CommandLine(process.Parent), "-namespace") == nameSpace && WorkingDirectory(kernel, process.Parent) is string ofParent)
        {
            yield return ofParent;
        }

        yield return folders.Bundle(nameSpace, id);
        foreach (int shim in kernel.Pids())
        {
            string[] words = kernel.CommandLine(shim);
            if (Flag(words, "-namespace") == nameSpace && Flag(words, "-id") == id && WorkingDirectory(kernel, shim) is string found)
            {
                yield return found;
            }
        }
    }

    private static string? WorkingDirectory(KernelFiles kernel, int pid) => kernel.TryLink($"/proc/{pid}/cwd");

    private static string? InDocument(string? text)
    {
        try
        {
            using JsonDocument? document = text is null ? null : JsonDocument.Parse(text);
            return document?.RootElement.GetProperty("address").GetString();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null; // cut short: then no shim was started in it
        }
    }
}
