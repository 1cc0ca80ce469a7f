using System.Buffers.Text;

namespace ShimStack.Shim.Cgroups;

/// <summary>Numbers as the kernel writes them into cgroup files.</summary>
internal static class KernelNumber
{
    /// <summary>
    /// The number at the start of <paramref name="text"/>; the largest for "max". 0 for anything else: a negative one, which
    /// counters without locks may show for a moment, one with too many digits, nothing.
    /// </summary>
    public static ulong Parse(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("max"u8))
        {
            return ulong.MaxValue;
        }

        return Utf8Parser.TryParse(text, out ulong value, out _) ? value : 0;
    }

    /// <summary>The same with "max", and whatever is larger, as the largest of 32 bits.</summary>
    public static uint Parse32(ReadOnlySpan<byte> text) => (uint)Math.Min(Parse(text), uint.MaxValue);

    /// <summary>A number with two decimals, "12.34", by division of two whole numbers: so it is the double nearest to the text.</summary>
    public static double ParseHundredths(ReadOnlySpan<byte> text)
    {
        if (!Utf8Parser.TryParse(text, out uint whole, out int length) || text[length..] is not [(byte)'.', _, _, ..])
        {
            return whole;
        }

        return Utf8Parser.TryParse(text.Slice(length + 1, 2), out uint hundredths, out _) ? ((whole * 100.0) + hundredths) / 100 : whole;
    }
}
