namespace ShimStack.Shim.Cgroups;

/// <summary>The lines of rdma.current and rdma.max, the same in both versions: "mlx4_0 hca_handle=2 hca_object=2000".</summary>
internal static class RdmaLines
{
    /// <summary>Each line as an RdmaEntry; "max" is the largest number of 32 bits.</summary>
    public static void Write(ref MessageWriter to, int field, scoped ReadOnlySpan<byte> text)
    {
        while (TextLines.TryTake(ref text, out ReadOnlySpan<byte> line))
        {
            ReadOnlySpan<byte> fields = line;
            if (TextLines.TryTakeWord(ref fields, out ReadOnlySpan<byte> device) && !fields.IsEmpty)
            {
                int entry = to.Begin(field);
                to.Text(1, device);
                to.Number(2, KernelNumber.Parse32(TextLines.Value(line, " hca_handle="u8)));
                to.Number(3, KernelNumber.Parse32(TextLines.Value(line, " hca_object="u8)));
                to.End(entry);
            }
        }
    }
}
