using System.Globalization;
using ShimStack.Drill.Work;

namespace ShimStack.Drill.Scenarios;

/// <summary>Orders for what lives for one round.</summary>
internal sealed class RoundNames(int round)
{
    private const int FirstCode = 20;
    private const int Codes = 90;

    private int _count;

    /// <summary>The next one: its name and code are those of no other.</summary>
    /// <param name="kind">A letter or two, for people.</param>
    /// <param name="endsAfter">Null until it is told.</param>
    public WorkOrder Next(string kind, TimeSpan? endsAfter = null)
    {
        int number = _count++;
        return new WorkOrder(string.Create(CultureInfo.InvariantCulture, $"{kind}-{round}-{number}"),
            FirstCode + (((round * 7) + number) % Codes))
        {
            EndsAfter = endsAfter,
            LogsToFile = number % 3 == 2,
        };
    }
}
