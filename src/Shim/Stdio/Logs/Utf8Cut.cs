namespace ShimStack.Shim.Stdio.Logs;

/// <summary>Finds a character that the end of a buffer has cut. See utf-8(7).</summary>
internal static class Utf8Cut
{
    /// <summary>What can be left of a character that is not whole.</summary>
    public const int Longest = 3;

    /// <summary>How many bytes at the end begin a character whose rest is missing.</summary>
    public static int LengthAtEnd(ReadOnlySpan<byte> bytes)
    {
        for (int length = 1; length <= Longest && length <= bytes.Length; length++)
        {
            int whole = bytes[^length] switch
            {
                < 0x80 => 1,
                < 0xc0 => 0, // in the middle of one
                < 0xe0 => 2,
                < 0xf0 => 3,
                < 0xf8 => 4,
                _ => 1,
            };
            if (whole > 0)
            {
                return whole > length ? length : 0;
            }
        }

        return 0;
    }
}
