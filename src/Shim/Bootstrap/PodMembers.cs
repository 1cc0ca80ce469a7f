using System.Text.Json;
using ShimStack.Native;
using ShimStack.Native.Files;

namespace ShimStack.Shim.Bootstrap;

/// <summary>
/// The other containers of a pod, on record in the pod's own bundle. A daemon that speaks version 3 runs the delete action for the pod's
/// own container alone (contract chapter 9.6), so after the death of their shim nobody else would end them; and it removes their bundles
/// at once.
/// </summary>
internal static class PodMembers
{
    private const int OwnerOnly = 0x1C0; // 0700
    private const int VersionOfPods = 3;

    /// <summary>Puts a container that is about to be created on the record of its pod, if it is in one.</summary>
    /// <exception cref="SyscallException">The record cannot be written.</exception>
    public static void Record(string bundle, string id)
    {
        if (RecordOf(bundle, id) is not string record)
        {
            return;
        }
        try
        {
            Files.MakeDirectory(GoPath.DirectoryOf(record), OwnerOnly);
        }
        catch (SyscallException e) when (e.Errno == Errno.EEXIST)
        {
            // There are others.
        }
        Files.Open(record, OpenFlags.O_WRONLY | OpenFlags.O_CREAT, OwnerOnly).Dispose();
    }

    /// <summary>Takes a container that is gone off the record.</summary>
    public static void Forget(string bundle, string id)
    {
        if (RecordOf(bundle, id) is string record)
        {
            Files.TryUnlink(record);
        }
    }

    /// <summary>The ids of those whom only the pod's delete action can end: the daemon speaks version 3, and the shim is dead.</summary>
    /// <exception cref="SyscallException">A file cannot be read.</exception>
    public static string[] OrphanedIn(string pod)
    {
        string directory = DirectoryIn(pod);
        return Directory.Exists(directory) && SpeaksVersionOfPods(pod) && !HasLivingShim(pod)
            ? Array.ConvertAll(Directory.GetFiles(directory), static path => Path.GetFileName(path))
            : [];
    }

    private static string DirectoryIn(string pod) => pod + "/members";

    // The pod's own container is in its own bundle, and a group may be named after no container at all.
    private static string? RecordOf(string bundle, string id)
    {
        string pod = GoPath.Join(GoPath.DirectoryOf(bundle), GroupOf(bundle, id));
        return pod != bundle && Files.TryStatus(pod) is not null ? $"{DirectoryIn(pod)}/{id}" : null;
    }

    private static string GroupOf(string bundle, string id)
    {
        try
        {
            string group = Grouping.Read(bundle, id);
            return group.Contains('/') || group is "" or "." or ".." ? id : group;
        }
        catch (StartupException)
        {
            // Daemons from 2.3 on may leave the spec out: no pod then.
            return id;
        }
    }

    private static bool HasLivingShim(string pod) =>
        BundleFiles.ReadAddress(pod) is not SocketAddress address || ListenSocket.Answers(address);

    // In the daemon's own record; up to 1.7 there is none.
    private static bool SpeaksVersionOfPods(string pod)
    {
        try
        {
            return SmallFile.TryReadAll(pod + "/bootstrap.json") is byte[] json && VersionIn(json) >= VersionOfPods;
        }
        catch (JsonException)
        {
            // Not the daemon's work.
            return false;
        }
    }

    private static int VersionIn(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("version"u8))
            {
                return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int version) ? version : 0;
            }
        }
        return 0;
    }
}
