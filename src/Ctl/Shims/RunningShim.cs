using ShimStack.Ctl.Kernel;
using ShimStack.Native;
using ShimStack.Native.Files;

namespace ShimStack.Ctl.Shims;

/// <summary>A shim that runs, of whatever make and daemon, as its command line and its bundle tell of it.</summary>
/// <param name="Pid">The process.</param>
/// <param name="Namespace">Of its containers.</param>
/// <param name="Id">The container that it was started for; it may have others of the same pod.</param>
/// <param name="Bundle">Of that container.</param>
/// <param name="Socket">Where it listens.</param>
internal sealed record RunningShim(int Pid, string Namespace, string Id, string Bundle, string Socket)
{
    /// <summary>Those of the daemon that listens at <paramref name="address"/>, which is told to each by its command line.</summary>
    public static IEnumerable<RunningShim> Of(KernelFiles kernel, string address)
    {
        string real = RealPath(address);
        foreach (int pid in kernel.Pids())
        {
            string[] words = kernel.CommandLine(pid);
            if (words.Length > 0 && words[^1] is not ("start" or "delete")
                && ShimAddresses.Flag(words, "-address") is string told && (told == address || RealPath(told) == real)
                && ShimAddresses.Flag(words, "-namespace") is string space
                && ShimAddresses.Flag(words, "-id") is string id
                && kernel.TryLink($"/proc/{pid}/cwd") is string bundle
                && ShimAddresses.SocketOf(kernel, bundle) is string socket)
            {
                yield return new RunningShim(pid, space, id, bundle, socket);
            }
        }
    }

    /// <summary>The one that has a container: its own, or one of the same pod, whose bundle names the same socket.</summary>
    public static RunningShim? Find(KernelFiles kernel, IReadOnlyList<RunningShim> shims, string nameSpace, string id)
    {
        IEnumerable<RunningShim> candidates = shims.Where(shim => shim.Namespace == nameSpace);
        return candidates.FirstOrDefault(shim => shim.Id == id)
            ?? candidates.FirstOrDefault(shim => ShimAddresses.SocketOf(kernel, Path.Join(Path.GetDirectoryName(shim.Bundle), id)) == shim.Socket);
    }

    // A daemon may say /var/run for /run.
    private static string RealPath(string path)
    {
        try
        {
            return Files.RealPath(path);
        }
        catch (SyscallException)
        {
            return path; // nobody listens there now
        }
    }
}
