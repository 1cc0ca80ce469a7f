using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Shim.Bootstrap;
using ShimStack.Shim.State;

namespace ShimStack.Shim.Exits;

/// <summary>
/// How the processes of a container ended, on disk: written before anybody is told, so that an exit outlives its shim. One file a process, in
/// a folder of the bundle: beside the bundle daemons take any name for a container, and inside it goes away with it. The bundle survives every
/// process, not a reboot.
/// </summary>
internal static class ExitFiles
{
    private const string InitName = "init";
    private const string ExecPrefix = "exec-";
    private const int OwnerOnly = 0b110_000_000;
    private const int OwnerOnlyFolder = 0b111_000_000;

    /// <summary>Puts a record in place in one step; <paramref name="exec"/> is empty for the init.</summary>
    /// <exception cref="SyscallException">It could not be written: a full disk, as a rule.</exception>
    public static void Write(string bundle, string exec, ExitRecord record)
    {
        string folder = FolderOf(bundle);
        if (Files.TryStatus(folder) is null)
        {
            Files.MakeDirectory(folder, OwnerOnlyFolder);
        }

        Files.Replace(PathOf(bundle, exec), Google.Protobuf.MessageExtensions.ToByteArray(record), OwnerOnly);
    }

    /// <summary>The record of the init for an empty <paramref name="exec"/>, else of that exec; null if there is none.</summary>
    /// <exception cref="InvalidDataException">There is a file, and it is no record.</exception>
    /// <exception cref="SyscallException">It cannot be read.</exception>
    public static ExitRecord? TryRead(string bundle, string exec)
    {
        string path = PathOf(bundle, exec);
        try
        {
            return SmallFile.TryReadAll(path) is byte[] bytes ? ExitRecord.Parser.ParseFrom(bytes) : null;
        }
        catch (Google.Protobuf.InvalidProtocolBufferException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>The ids of the execs that have a record.</summary>
    public static IReadOnlyList<string> Execs(string bundle)
    {
        string folder = FolderOf(bundle);
        if (Files.TryStatus(folder) is null)
        {
            return [];
        }

        List<string> execs = [];
        foreach (string path in Directory.EnumerateFiles(folder, ExecPrefix + "*"))
        {
            execs.Add(Path.GetFileName(path)[ExecPrefix.Length..]);
        }

        return execs;
    }

    /// <summary>Forgets the exit of an exec that was deleted.</summary>
    public static void Remove(string bundle, string exec) => Files.TryUnlink(PathOf(bundle, exec));

    /// <summary>
    /// Forgets those of execs, which are nobody's once their container is deleted. That of the init stays until the daemon takes the bundle away: a
    /// daemon that never heard the answer of Delete finds the shim dead, and announces what the delete action tells.
    /// </summary>
    public static void RemoveExecs(string bundle)
    {
        foreach (string exec in Execs(bundle))
        {
            Remove(bundle, exec);
        }
    }

    /// <summary>Forgets all: what is in the bundle now is of a container that was deleted, and another one is made there.</summary>
    public static void RemoveAll(string bundle)
    {
        string folder = FolderOf(bundle);
        if (Files.TryStatus(folder) is not null)
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string FolderOf(string bundle) => $"{bundle}/exits";

    private static string PathOf(string bundle, string exec) =>
        exec.Length == 0 ? $"{FolderOf(bundle)}/{InitName}" : $"{FolderOf(bundle)}/{ExecPrefix}{exec}";
}
