"""The types of Rust itself and of its standard library, by the paths that lead to them.

Source: https://doc.rust-lang.org/std/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lockstep.comparison.rust_types import UNKNOWN

PRIMITIVES = frozenset(
    {"bool", "char", "str", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize", "f32", "f64"},
)
ROOTS = frozenset({"std", "core", "alloc"})
"""The crates of the standard library: one type is met in several."""
_DEFINED = {
    "alloc": "Layout LayoutError",
    "any": "TypeId",
    "borrow": "Cow",
    "boxed": "Box",
    "cell": "Cell LazyCell OnceCell Ref RefCell RefMut UnsafeCell",
    "cmp": "Ordering Reverse",
    "collections": "BTreeMap BTreeSet BinaryHeap HashMap HashSet LinkedList TryReserveError VecDeque",
    "convert": "Infallible",
    "env": "VarError",
    "ffi": "CStr CString FromBytesWithNulError NulError OsStr OsString",
    "fmt": "Arguments Error Formatter",
    "fs": "DirEntry File Metadata OpenOptions Permissions",
    "hash": "BuildHasherDefault DefaultHasher RandomState",
    "io": "BufReader BufWriter Cursor Empty Error ErrorKind Stderr Stdin Stdout",
    "marker": "PhantomData PhantomPinned",
    "mem": "Discriminant ManuallyDrop MaybeUninit",
    "net": "AddrParseError IpAddr Ipv4Addr Ipv6Addr SocketAddr SocketAddrV4 SocketAddrV6 TcpListener TcpStream UdpSocket",
    "num": "FpCategory NonZero ParseFloatError ParseIntError Saturating TryFromIntError Wrapping",
    "ops": "Bound ControlFlow Range RangeFrom RangeFull RangeInclusive RangeTo RangeToInclusive",
    "option": "Option",
    "panic": "AssertUnwindSafe Location",
    "path": "Path PathBuf",
    "pin": "Pin",
    "process": "Child Command ExitCode ExitStatus Output Stdio",
    "ptr": "NonNull",
    "rc": "Rc Weak",
    "result": "Result",
    "str": "Chars ParseBoolError Utf8Error",
    "string": "FromUtf16Error FromUtf8Error String",
    "sync": "Arc Barrier Condvar LazyLock Mutex MutexGuard Once OnceLock PoisonError RwLock RwLockReadGuard RwLockWriteGuard Weak",
    "sync::atomic": "AtomicBool AtomicI16 AtomicI32 AtomicI64 AtomicI8 AtomicIsize AtomicU16 AtomicU32 AtomicU64 AtomicU8 AtomicUsize Ordering",
    "sync::mpsc": "Receiver RecvError SendError Sender SyncSender",
    "task": "Context Poll RawWaker Waker",
    "thread": "JoinHandle Thread ThreadId",
    "time": "Duration Instant SystemTime",
    "vec": "Vec",
}
"""Well-known types, by the module that they are called by here."""
_ELSEWHERE = {
    "collections::binary_heap": "collections",
    "collections::btree_map": "collections",
    "collections::btree_set": "collections",
    "collections::hash_map": "collections",
    "collections::hash_set": "collections",
    "collections::linked_list": "collections",
    "collections::vec_deque": "collections",
    "ffi::c_str": "ffi",
    "ffi::os_str": "ffi",
}
"""Other modules that offer types of the same name which are the same."""
_TRAITS_OF_PRELUDE = {
    "clone": "Clone",
    "cmp": "Eq Ord PartialEq PartialOrd",
    "default": "Default",
    "iter": "DoubleEndedIterator ExactSizeIterator IntoIterator Iterator",
    "marker": "Copy Send Sized Sync Unpin",
    "ops": "Fn FnMut FnOnce",
}
_OTHER_TRAITS = {"error": "Error", "fmt": "Debug Display", "hash": "Hash"}
PRELUDE = {"Box": "boxed::Box", "Option": "option::Option", "Result": "result::Result", "String": "string::String", "Vec": "vec::Vec"}
"""What is there without an import. Source: https://doc.rust-lang.org/std/prelude/"""
PRELUDE |= {name: f"{module}::{name}" for module, names in _TRAITS_OF_PRELUDE.items() for name in names.split()}
TRAITS = {name: f"{module}::{name}" for table in (_TRAITS_OF_PRELUDE, _OTHER_TRAITS) for module, names in table.items() for name in names.split()}
"""Well-known traits that bounds ask for, by their bare names."""
_NON_ZERO = {f"NonZero{name.upper() if 'size' not in name else name.capitalize()}": name for name in PRIMITIVES if name[0] in "iu"}


def _table() -> dict[str, str]:
    found = {f"{module}::{name}": f"{module}::{name}" for module, names in _DEFINED.items() for name in names.split()}
    for module, same in _ELSEWHERE.items():
        found |= {f"{module}::{name}": f"{same}::{name}" for name in _DEFINED[same].split()}
    found |= {f"collections::hash_map::{name}": f"hash::{name}" for name in ("DefaultHasher", "RandomState")}
    found |= {f"prelude::{edition}::{name}": full for edition in ("v1", "rust_2018", "rust_2021", "rust_2024") for name, full in PRELUDE.items()}
    found |= {f"primitive::{name}": name for name in PRIMITIVES}
    return found | {"collections::Bound": "ops::Bound", "string::ParseError": "convert::Infallible"}


STANDARD: Mapping[str, str] = _table()
"""The types of the standard library that are known, by their paths below its root."""
RESULT_ALIASES = {"io::Result": "io::Error", "fmt::Result": "fmt::Error"}
"""Results whose error is fixed."""


def written(path: str, arguments: Sequence[str]) -> str:
    """Write a type by its path below the root of the library; UNKNOWN where it is not one of these."""
    if path in RESULT_ALIASES:
        given = "()" if path == "fmt::Result" else next(iter(arguments), UNKNOWN)
        return f"result::Result<{given},{RESULT_ALIASES[path]}>"
    if path.removeprefix("num::") in _NON_ZERO:
        return f"num::NonZero<{_NON_ZERO[path.removeprefix('num::')]}>"
    known = STANDARD.get(path)
    if known is None:
        return UNKNOWN
    return f"{known}<{','.join(arguments)}>" if arguments else known
