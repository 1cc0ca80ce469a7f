using System.Text;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Mounts;

namespace ShimStack.Supervisor.Shims;

/// <summary>The folder of a task, as every shim expects it. Contract chapter 1.10.</summary>
/// <param name="Namespace">Checked to be an identifier.</param>
/// <param name="Id">Of the container; checked likewise.</param>
/// <param name="Path">Of the bundle.</param>
/// <param name="Work">Of the folder that lasts: shims put there what criu needs.</param>
internal sealed record Bundle(string Namespace, string Id, string Path, string Work)
{
    private const int BundleMode = 0x1c0; // 0700
    private const UnixFileMode Passable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute
        | UnixFileMode.OtherExecute; // 0711

    /// <summary>Where the shim's log can be read.</summary>
    public string LogFifo => Path + "/log";

    /// <summary>Whether a policy has made it, and no client.</summary>
    public bool IsRestart => File.Exists(RestartFile);

    /// <summary>When it was made: its processes have had their pids since then.</summary>
    public DateTimeOffset MadeAt => File.GetLastWriteTimeUtc(Path + "/config.json"); // written once; UTC, so it converts as it is

    private string RequestFile => Path + "/create-request";

    private string RestartFile => Path + "/restart-request";

    private string AddressFile => Path + "/bootstrap.json";

    private string BinaryFile => Path + "/shim-binary-path";

    private string Rootfs => Path + "/rootfs";

    /// <summary>Makes it.</summary>
    /// <param name="spec">Of the container.</param>
    /// <param name="request">The CreateTaskRequest.</param>
    /// <param name="isRestart">A policy has asked for it, and no client.</param>
    /// <exception cref="SyscallException">EEXIST: it is there.</exception>
    public void Create(ReadOnlySpan<byte> spec, byte[] request, bool isRestart)
    {
        MakeFolderOf(Path);
        MakeFolderOf(Work);
        Files.MakeDirectory(Path, BundleMode);
        try
        {
            SpecOwner.LetIn(Path, spec);
            Directory.CreateDirectory(Rootfs, Passable);
            if (Directory.Exists(Work))
            {
                Directory.Delete(Work, recursive: true);
            }

            Directory.CreateDirectory(Work, Passable);
            Files.Symlink(Work, Path + "/work");
            Files.MakeFifo(LogFifo, BundleMode);
            File.WriteAllBytes(Path + "/config.json", spec);
            File.WriteAllBytes(isRestart ? RestartFile : RequestFile, request);
        }
        catch
        {
            Delete();
            throw;
        }
    }

    /// <summary>How the task was asked for; null if it is of a daemon that did not note that.</summary>
    public byte[]? ReadRequest() => IsRestart ? File.ReadAllBytes(RestartFile) : File.Exists(RequestFile) ? File.ReadAllBytes(RequestFile) : null;

    /// <summary>Notes how the shim is found again, whole or not at all.</summary>
    public void Record(string binary, ShimAddress address)
    {
        WriteWhole(BinaryFile, Encoding.UTF8.GetBytes(binary));
        WriteWhole(AddressFile, address.ToJson());
    }

    /// <summary>The program of the shim; null if it has not been noted.</summary>
    /// <exception cref="SyscallException">It cannot be read.</exception>
    public string? ReadBinary() => Files.TryReadWhole(BinaryFile) is byte[] content ? Encoding.UTF8.GetString(content) : null;

    /// <summary>How the shim is spoken to; null if that has not been noted.</summary>
    /// <exception cref="SyscallException">It cannot be read.</exception>
    public ShimAddress? ReadAddress() => Files.TryReadWhole(AddressFile) is byte[] content ? ShimAddress.Parse(content) : null;

    /// <summary>Unmounts what is below the root filesystem and removes everything; nothing happens if it is gone.</summary>
    /// <exception cref="SyscallException">Something is still mounted and busy.</exception>
    public void Delete()
    {
        if (!Directory.Exists(Path))
        {
            return;
        }

        Unmount();
        if (Directory.Exists(Rootfs))
        {
            Files.RemoveDirectory(Rootfs); // not what is in it: if a mount has failed to go, it is somebody's data
        }

        // Renamed first: half a bundle must not look like a task.
        string aside = System.IO.Path.Join(System.IO.Path.GetDirectoryName(Path), "." + Id);
        Files.Rename(Path, aside);
        Directory.Delete(aside, recursive: true);
        if (Directory.Exists(Work))
        {
            Directory.Delete(Work, recursive: true);
        }
    }

    // That of the namespace, and the one above it: a mode is given to the last of several folders only.
    private static void MakeFolderOf(string path)
    {
        string space = System.IO.Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(space)!, Passable);
        Directory.CreateDirectory(space, Passable);
    }

    private void Unmount()
    {
        IReadOnlyList<MountEntry> mounts = MountTable.Read();
        for (int i = mounts.Count - 1; i >= 0; i--)
        {
            string at = mounts[i].MountPoint;
            if ((at == Rootfs || at.StartsWith(Rootfs + "/", StringComparison.Ordinal)) && !MountPoint.TryUnmount(at, UnmountFlags.MNT_DETACH, out Errno errno))
            {
                throw new SyscallException("umount2", errno, at);
            }
        }
    }

    private static void WriteWhole(string path, byte[] content)
    {
        string temporary = path + ".new";
        using (FileStream file = new(temporary, FileMode.Create, FileAccess.Write))
        {
            File.SetUnixFileMode(temporary, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        Files.Rename(temporary, path);
    }
}
