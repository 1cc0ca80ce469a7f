namespace ShimStack.Shim.Cgroups;

/// <summary>Cuts text into lines, words and values, as spans.</summary>
internal static class TextLines
{
    /// <summary>Takes the first line that is not empty off <paramref name="text"/>; false at its end.</summary>
    public static bool TryTake(scoped ref ReadOnlySpan<byte> text, out ReadOnlySpan<byte> line) => TryTake(ref text, (byte)'\n', out line);

    /// <summary>Takes the first word off <paramref name="line"/>, with the blanks before it; false at its end.</summary>
    public static bool TryTakeWord(scoped ref ReadOnlySpan<byte> line, out ReadOnlySpan<byte> word) =>
        TryTake(ref line, (byte)' ', out word);

    /// <summary>Takes "major:minor" off <paramref name="line"/>; false where it does not begin with that.</summary>
    public static bool TryTakeDevice(scoped ref ReadOnlySpan<byte> line, out (ulong Major, ulong Minor) device)
    {
        device = default;
        if (!TryTakeWord(ref line, out ReadOnlySpan<byte> word) || word.IndexOf((byte)':') is not (> 0 and int colon))
        {
            return false;
        }

        device = (KernelNumber.Parse(word[..colon]), KernelNumber.Parse(word[(colon + 1)..]));
        return char.IsAsciiDigit((char)word[0]);
    }

    /// <summary>What follows <paramref name="key"/>, which is " name="; empty if it is missing.</summary>
    public static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> line, ReadOnlySpan<byte> key) =>
        line.IndexOf(key) is >= 0 and int at ? line[(at + key.Length)..] : default;

    private static bool TryTake(scoped ref ReadOnlySpan<byte> text, byte end, out ReadOnlySpan<byte> part)
    {
        text = text.TrimStart(end);
        int length = text.IndexOf(end);
        part = length < 0 ? text : text[..length];
        text = text[Math.Min(part.Length + 1, text.Length)..];
        return !part.IsEmpty;
    }
}
