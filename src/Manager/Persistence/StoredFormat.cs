// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;

namespace ClusterManager.Manager.Persistence;

/// <summary>The format byte before each stored message.</summary>
internal static class StoredFormat
{
    /// <summary>The format this program writes; older ones are migrated by the leader, newer ones refused.</summary>
    public const byte Current = 2;

    /// <summary>The oldest format that is still read: one version back.</summary>
    public const byte Oldest = Current - 1;

    /// <summary>The message behind the format byte.</summary>
    /// <param name="message">What is stored.</param>
    /// <param name="unknown">Fields that a newer version wrote and this one does not know; null: none.</param>
    public static byte[] Encode(IMessage message, byte[]? unknown = null)
    {
        var size = message.CalculateSize();
        var bytes = new byte[size + 1 + (unknown?.Length ?? 0)];
        bytes[0] = Current;
        message.WriteTo(bytes.AsSpan(1, size));
        unknown?.CopyTo(bytes, size + 1);
        return bytes;
    }

    /// <summary>Reads a message.</summary>
    /// <exception cref="StateUnreadableException">The value is empty, damaged, or of a newer format.</exception>
    public static T Decode<T>(string key, ReadOnlySpan<byte> bytes, MessageParser<T> parser)
        where T : IMessage<T>
    {
        if (bytes.IsEmpty) throw new StateUnreadableException(key, "the value is empty");
        if (bytes[0] > Current)
            throw new StateUnreadableException(key, $"it has format {bytes[0]}, this manager reads up to {Current}: upgrade this manager");
        if (bytes[0] == 0) throw new StateUnreadableException(key, "the format byte is 0");
        if (bytes[0] < Oldest)
            throw new StateUnreadableException(
                key, $"it has format {bytes[0]}, this manager reads from {Oldest} on: let the version between the two lead once");
        try
        {
            var message = parser.ParseFrom(bytes[1..]);
            if (bytes[0] < Current) StateMigration.Upgrade(message);
            return message;
        }
        catch (InvalidProtocolBufferException)
        {
            throw new StateUnreadableException(key, "the value is damaged");
        }
    }
}
