using System.Text.Json;

namespace ShimStack.Shim.Bootstrap;

/// <summary>
/// What is wrong with a JSON text, in words: the framework's own messages are left out of the binary, which has only their keys.
/// </summary>
internal static class JsonFault
{
    /// <summary>One sentence without the name of the file.</summary>
    public static string Describe(JsonException e) =>
        e.LineNumber is long line ? $"invalid JSON at line {line + 1}, byte {e.BytePositionInLine + 1}" : e.Message;
}
