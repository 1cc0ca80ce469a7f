using ShimStack.ShimDriver.Host;

namespace ShimStack.FaultTests.Harness;

/// <summary>A file system of 512 KiB that can be filled to the last byte. It goes away with the stage.</summary>
internal sealed class SmallDisk
{
    private readonly string _filler;

    private SmallDisk(string path) => _filler = Path.Combine(path, "filler");

    /// <summary>Mounts one.</summary>
    public static async Task<SmallDisk> MountAsync(FaultStage stage, string path)
    {
        Directory.CreateDirectory(path);
        CommandResult mount = await new Command("/bin/mount", ["-t", "tmpfs", "-o", "size=512k", "faults", path]).RunAsync();
        mount.EnsureSuccess("mount");
        stage.OwnMounts.Add(path);
        return new SmallDisk(path);
    }

    /// <summary>Leaves no byte of room.</summary>
    public void Fill()
    {
        using FileStream file = new(_filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] page = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(page);
            }
        }
        catch (IOException)
        {
            // ENOSPC: it is full.
        }
    }

    public void Free() => File.Delete(_filler);
}
