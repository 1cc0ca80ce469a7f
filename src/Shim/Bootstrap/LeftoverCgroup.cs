using System.Globalization;
using System.Text;
using System.Text.Json;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Processes;

namespace ShimStack.Shim.Bootstrap;

/// <summary>
/// The cgroup of a container that was never finished. A runc that is killed in the middle of <c>create</c>, because its shim was, has made
/// the cgroup but
/// not the record that its <c>delete --force</c> goes by: measured, every second such create leaves one. Only a cgroup that bears the
/// container's id is touched,
/// so nobody else's processes are; systemd's scopes go by themselves when they are empty.
/// </summary>
/// <param name="bundle">The container's bundle.</param>
/// <param name="id">Its id.</param>
internal sealed class LeftoverCgroup(string bundle, string id)
{
    private const int Attempts = 50;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Kills what is in it and removes it, if there is one.</summary>
    /// <param name="wait">Lets time pass, or says that there is none left.</param>
    /// <exception cref="SyscallException">It cannot be removed.</exception>
    /// <exception cref="StartupException">The spec cannot be read.</exception>
    public void Remove(Func<TimeSpan, bool> wait)
    {
        string? path = PathInSpec();
        if (path is null || !path.StartsWith('/') || !path.EndsWith("/" + id, StringComparison.Ordinal))
        {
            return;
        }
        foreach (string directory in CgroupHierarchies.DirectoriesOf(path, withUnified: true))
        {
            for (int attempt = 1; !TryRemove(directory); attempt++)
            {
                if (attempt == Attempts || !wait(Interval))
                {
                    throw new SyscallException("rmdir", Errno.EBUSY, directory);
                }
            }
        }
    }

    /// <summary>The value of <c>linux.cgroupsPath</c> in a spec; null if there is none.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static string? PathIn(ReadOnlySpan<byte> spec)
    {
        var reader = new Utf8JsonReader(spec);
        bool inLinux = false;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth > (inLinux ? 2 : 1))
            {
                continue;
            }
            if (reader.CurrentDepth == 2 && reader.ValueTextEquals("cgroupsPath"u8))
            {
                reader.Read();
                return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            }
            inLinux = reader.CurrentDepth == 1 ? reader.ValueTextEquals("linux"u8) : inLinux;
        }
        return null;
    }

    private string? PathInSpec()
    {
        string path = bundle + "/config.json";
        try
        {
            return SmallFile.TryReadAll(path) is byte[] spec ? PathIn(spec) : null;
        }
        catch (JsonException e)
        {
            throw new StartupException($"read spec {path}: {JsonFault.Describe(e)}", e);
        }
    }

    // A cgroup can be removed as soon as its last process has ended, which is a moment after it was killed.
    private static bool TryRemove(string directory)
    {
        byte[]? processes = SmallFile.TryReadAll(directory + "/cgroup.procs");
        foreach (string pid in Encoding.ASCII.GetString(processes ?? []).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Kill(int.Parse(pid, CultureInfo.InvariantCulture));
        }
        try
        {
            Files.RemoveDirectory(directory);
            return true;
        }
        catch (SyscallException e) when (e.Errno is Errno.EBUSY or Errno.ENOENT)
        {
            return e.Errno == Errno.ENOENT;
        }
    }

    private static void Kill(int pid)
    {
        try
        {
            ProcessSignals.Send(pid, (int)Signal.SIGKILL);
        }
        catch (SyscallException e) when (e.Errno == Errno.ESRCH)
        {
            // It ended by itself.
        }
    }
}
