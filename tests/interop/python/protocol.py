# SPDX-License-Identifier: Apache-2.0
"""The messages of testing.proto, loaded from their description: nothing is generated."""
import json
import subprocess
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

INITIAL = "x-grpc-test-echo-initial"
TRAILING = "x-grpc-test-echo-trailing-bin"
SERVICE = "grpc.testing.TestService"


def load(proto):
    """The message classes of a proto file, by their short names."""
    folder, _, name = proto.rpartition("/")
    command = ["protoc", "--descriptor_set_out=/dev/stdout", "--proto_path", folder, name]
    files = descriptor_pb2.FileDescriptorSet.FromString(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    pool = descriptor_pool.DescriptorPool()
    factory = message_factory.MessageFactory(pool)
    messages = {}
    for file in files.file:
        pool.Add(file)
        for message in file.message_type:
            messages[message.name] = factory.GetPrototype(pool.FindMessageTypeByName(f"{file.package}.{message.name}"))
    return messages


def report(line):
    """Tells the test something: one line of JSON."""
    print(json.dumps(line), flush=True)


def zeros(message, size):
    """The message with a payload of zeros."""
    message.payload.body = bytes(size)
    return message


def flag(name):
    """The value of NAME=VALUE on the command line, or None."""
    return next((word.partition("=")[2] for word in sys.argv if word.startswith(f"{name}=")), None)
