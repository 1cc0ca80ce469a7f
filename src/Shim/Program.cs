namespace ShimStack.Shim;

internal static class Program
{
    private static int Main() => new X.X { A = "b" }.CalculateSize();
}
