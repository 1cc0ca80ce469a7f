using System.Text;

namespace ShimStack.Shim.Cgroups;

/// <summary>A line of rdma.current or rdma.max, the same in both versions: "mlx4_0 hca_handle=2 hca_object=2000".</summary>
internal readonly record struct RdmaUse(string Device, uint Handles, uint Objects)
{
    /// <summary>Takes the next line off <paramref name="text"/>; false at its end.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> text, out RdmaUse use)
    {
        while (TextLines.TryTake(ref text, out ReadOnlySpan<byte> line))
        {
            ReadOnlySpan<byte> fields = line;
            if (TextLines.TryTakeWord(ref fields, out ReadOnlySpan<byte> device) && !fields.IsEmpty)
            {
                use = new RdmaUse(
                    Encoding.UTF8.GetString(device),
                    KernelNumber.Parse32(TextLines.Value(line, " hca_handle="u8)),
                    KernelNumber.Parse32(TextLines.Value(line, " hca_object="u8)));
                return true;
            }
        }

        use = default;
        return false;
    }
}
