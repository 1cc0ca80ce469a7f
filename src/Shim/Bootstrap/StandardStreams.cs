using System.Text;
using ShimStack.Native;
using ShimStack.Native.Files;

namespace ShimStack.Shim.Bootstrap;

/// <summary>
/// The three descriptors that a process is born with, without System.Console, which would bring terminal handling and encoders along.
/// </summary>
internal static class StandardStreams
{
    // Held for the life of the process: static fields are never finalized, so the numbers are never closed behind anybody's back.
    private static readonly FileDescriptor Input = FileDescriptor.Take(0);
    private static readonly FileDescriptor Output = FileDescriptor.Take(1);
    private static readonly FileDescriptor Error = FileDescriptor.Take(2);

    /// <summary>Everything on standard input, of which there may be at most <paramref name="maxLength"/> bytes.</summary>
    public static byte[] ReadInput(int maxLength) => SmallFile.ReadToEnd(Input, maxLength, "standard input");

    /// <summary>What <paramref name="read"/> makes of the file on standard input.</summary>
    public static T WithInput<T>(Func<FileDescriptor, T> read) => read(Input);

    /// <summary>Writes an answer to standard output.</summary>
    public static void Write(ReadOnlySpan<byte> content) => Files.WriteAll(Output, content, "standard output");

    /// <summary>Writes a text to standard error.</summary>
    public static void WriteError(string text) => Files.WriteAll(Error, Encoding.UTF8.GetBytes(text), "standard error");
}
