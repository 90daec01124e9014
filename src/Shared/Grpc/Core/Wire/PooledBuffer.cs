// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Grpc.Core.Wire;

/// <summary>A growing buffer over the shared array pool. Not thread-safe. Dispose returns the array.</summary>
internal sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private const int SmallestBytes = 1024;

    private byte[] _array = [];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _array.AsMemory(0, Length);

    public Span<byte> WrittenSpan => _array.AsSpan(0, Length);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _array.Length - Length);
        Length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureFree(Math.Max(sizeHint, 1));
        return _array.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Makes room for this many more bytes at once.</summary>
    public void EnsureFree(int bytes)
    {
        if (_array.Length - Length >= bytes)
            return;
        var needed = Math.Max(SmallestBytes, checked(Length + bytes));
        var doubled = (int)Math.Min(2L * _array.Length, Array.MaxLength);
        var grown = ArrayPool<byte>.Shared.Rent(Math.Max(needed, doubled));
        WrittenSpan.CopyTo(grown);
        Return();
        _array = grown;
    }

    public void Dispose()
    {
        Return();
        _array = [];
        Length = 0;
    }

    private void Return()
    {
        if (_array.Length > 0)
            ArrayPool<byte>.Shared.Return(_array);
    }
}
