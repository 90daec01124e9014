// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;

namespace Grpc.Core;

public sealed partial class Metadata
{
    /// <summary>One key with its value. Immutable.</summary>
    public sealed class Entry
    {
        private static readonly SearchValues<char> KeyCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_.-");

        private readonly string? _text;
        private readonly byte[]? _bytes;

        /// <summary>A text entry.</summary>
        /// <exception cref="ArgumentException">The key has other characters than a-z 0-9 _ . - (upper case is lowered), or ends in
        /// <c>-bin</c>; or the value has characters outside 0x20–0x7E, which gRPC cannot carry.</exception>
        public Entry(string key, string value)
        {
            ArgumentNullException.ThrowIfNull(value);
            Key = NormalizeKey(key);
            if (IsBinary)
                throw new ArgumentException($"The key '{Key}' ends in -bin and needs bytes as its value.", nameof(key));
            if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
                throw new ArgumentException($"The value of '{Key}' has more than printable ASCII; use a -bin key.", nameof(value));
            _text = value;
        }

        /// <summary>A binary entry. The bytes are copied.</summary>
        /// <exception cref="ArgumentException">The key does not end in <c>-bin</c> or has characters that are not allowed.</exception>
        public Entry(string key, byte[] valueBytes)
        {
            ArgumentNullException.ThrowIfNull(valueBytes);
            Key = NormalizeKey(key);
            if (!IsBinary)
                throw new ArgumentException($"The key '{Key}' must end in -bin to carry bytes.", nameof(key));
            _bytes = (byte[])valueBytes.Clone();
        }

        /// <summary>The key, in lower case.</summary>
        public string Key { get; }

        /// <summary>True when the value is bytes.</summary>
        public bool IsBinary => Key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal);

        /// <summary>The text.</summary>
        /// <exception cref="InvalidOperationException">The entry is binary.</exception>
        public string Value => _text ?? throw new InvalidOperationException($"The entry '{Key}' is binary; read ValueBytes.");

        /// <summary>A copy of the bytes; the ASCII bytes of a text entry.</summary>
        public byte[] ValueBytes => _bytes is null ? Encoding.ASCII.GetBytes(_text!) : (byte[])_bytes.Clone();

        internal ReadOnlySpan<byte> BinarySpan => _bytes;

        /// <summary>The key and the length of the value. The value is not shown: it may be a token, and texts end up in logs.</summary>
        public override string ToString() => $"[Entry: key={Key}, length={_bytes?.Length ?? _text!.Length}]";

        private static string NormalizeKey(string key)
        {
            ArgumentException.ThrowIfNullOrEmpty(key);
            var lower = key.ToLowerInvariant();
            return lower.AsSpan().ContainsAnyExcept(KeyCharacters)
                ? throw new ArgumentException($"The metadata key '{key}' may only have the characters a-z 0-9 _ . -", nameof(key))
                : lower;
        }
    }
}
