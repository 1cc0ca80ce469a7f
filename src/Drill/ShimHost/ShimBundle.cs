using System.Text.Json.Nodes;
using ShimStack.Drill.Targets;
using ShimStack.Drill.Watching;
using ShimStack.Native;
using ShimStack.Native.Files;

namespace ShimStack.Drill.ShimHost;

/// <summary>The folder of a container, as every shim expects it. Contract chapter 1.10.</summary>
internal static class ShimBundle
{
    private const int OwnerOnly = 0x1c0; // 0700
    private const int BufferSize = 4096;

    /// <returns>Reads the shim's log, until it is disposed.</returns>
    public static WatchLoop.Watched Make(string bundle, JsonObject specification, TargetPlaces places, WatchLoop loop)
    {
        Directory.CreateDirectory(Path.Combine(bundle, "rootfs"));
        File.WriteAllText(Path.Combine(bundle, "config.json"), specification.ToJsonString());
        string log = Path.Combine(bundle, "log");
        Files.MakeFifo(log, OwnerOnly);
        // Both ends: a shim that has gone leaves no end behind, one that is started finds a reader.
        FileDescriptor reader = Files.Open(log, OpenFlags.O_RDWR | OpenFlags.O_NONBLOCK);
        byte[] buffer = new byte[BufferSize];
        return loop.Watch(reader, _ =>
        {
            if (Files.Read(reader, buffer) is { IsOk: true, Count: > 0 } result)
            {
                using FileStream file = new(places.LogFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
                file.Write(buffer, 0, result.Count);
            }
        });
    }

    /// <summary>Nothing happens if it is gone.</summary>
    public static void Delete(string bundle)
    {
        try
        {
            Directory.Delete(bundle, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Likewise, if a daemon that was killed in the middle of it was quicker.
        }
    }
}
