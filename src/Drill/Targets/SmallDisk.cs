using ShimStack.Native.Mounts;

namespace ShimStack.Drill.Targets;

/// <summary>A file system of its own for what daemons and shims write, in the drill's folder, so that it can be full and nothing else is.</summary>
internal sealed class SmallDisk(TargetPlaces places)
{
    private const int Chunk = 64 * 1024;
    private const string Size = "size=48m,mode=711";

    private string Filler => Path.Combine(places.Disk, "filler");

    public void Mount() => MountPoint.Mount("tmpfs", places.Disk, "tmpfs", default, Size);

    /// <summary>To the last byte.</summary>
    public void Fill()
    {
        using FileStream file = new(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (int size = Chunk; size > 0; size /= 2)
        {
            WriteAll(file, new byte[size]);
        }
    }

    public void Free() => File.Delete(Filler);

    private static void WriteAll(FileStream file, byte[] bytes)
    {
        try
        {
            while (true)
            {
                file.Write(bytes);
            }
        }
        catch (IOException)
        {
            // ENOSPC: no piece of this size has room.
        }
    }
}
