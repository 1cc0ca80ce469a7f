using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ShimStack.FaultTests.Harness;

/// <summary>Output of which every byte can be told from the others: the numbers from 1 on, as seq(1) writes them.</summary>
internal static class Output
{
    public static string Command(int lines) => $"seq 1 {lines}";

    public static string Text(int lines) =>
        string.Concat(Enumerable.Range(1, lines).Select(line => line.ToString(CultureInfo.InvariantCulture) + "\n"));

    /// <summary>All bytes must be there, in their order, by checksum.</summary>
    public static void CheckOutput(this FaultStage stage, int lines, string actual)
    {
        string expected = Text(lines);
        if (!Sum(actual).SequenceEqual(Sum(expected)))
        {
            stage.Findings.Add(actual.Length == expected.Length ? "output is not what was written"
                : actual.Length > expected.Length ? $"{actual.Length - expected.Length} bytes of output too many"
                : "output is lost");
        }
    }

    private static byte[] Sum(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
