using ShimStack.ShimDriver.Host;

namespace ShimStack.ShimDriver.Stdio;

/// <summary>Named pipes as a client of a daemon makes them.</summary>
public static class Fifo
{
    /// <summary>Makes a FIFO that only its owner may use. See mkfifo(3).</summary>
    public static string Make(string path)
    {
        LibC.Check(LibC.MakeFifo(path, 0b111_000_000), $"mkfifo {path}");
        return path;
    }
}
