using System.Text;
using ShimStack.Native;
using ShimStack.Native.Files;

namespace ShimStack.Supervisor.Hosting;

/// <summary>stdout and stderr, without the console of the framework: that pulls in terminal handling and an encoder.</summary>
internal static class StandardStreams
{
    public static readonly FileDescriptor Output = FileDescriptor.Take(1);
    public static readonly FileDescriptor Error = FileDescriptor.Take(2);

    /// <summary>Writes all of it. A reader that is gone takes nothing, and there is nobody else to tell.</summary>
    public static void Write(FileDescriptor stream, string text)
    {
        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(text);
        while (rest.Length > 0 && Files.Write(stream, rest) is { IsOk: true } written)
        {
            rest = rest[(int)written.Count..];
        }
    }
}
